// The flow builder's model, apart from any page: between the document (as the server reads it) and an outline in which every
// place that holds work is a block, a list of nodes. A sequence needs no node of its own: a block is one.

const CODE = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/;

// The document as a block. Throws on what is no flow document at all; what is only unfinished is kept as it is.
export function open(document) {
  const nodes = [];
  if (document === null) return nodes;
  if (typeof document !== "object" || Array.isArray(document)) throw new TypeError("object");
  switch (document.kind) {
    case "seq": for (const child of list(document.children)) nodes.push(...open(child)); break;
    case "step": nodes.push({ kind: "step", code: document.code ?? "", name: document.name ?? "", attributes: { ...document.attributes } }); break;
    case "all": nodes.push({ kind: "all", lanes: list(document.children).map((child) => ({ block: open(child) })) }); break;
    case "choice": nodes.push({
      kind: "choice",
      lanes: list(document.branches).map((branch) => ({ condition: branch.condition ?? "", block: open(branch.node ?? null) })),
      otherwise: open(document.otherwise ?? null),
    }); break;
    case "repeat": nodes.push({
      kind: "repeat", code: document.code ?? "", until: document.until ?? "", at_most: document.at_most ?? 3,
      block: open(document.body ?? null),
    }); break;
    default: throw new TypeError(String(document.kind));
  }
  return nodes;
}

function list(value) {
  if (!Array.isArray(value)) throw new TypeError("list");
  return value;
}

// The block as a document; the root is always a sequence, so that the first edit does not change its shape.
export function close(block) {
  return { kind: "seq", children: block.map(node) };
}

function node(item) {
  switch (item.kind) {
    case "step": return { kind: "step", code: item.code, name: item.name, attributes: item.attributes };
    case "all": return { kind: "all", children: item.lanes.map((lane) => inner(lane.block)) };
    case "choice": return {
      kind: "choice",
      branches: item.lanes.map((lane) => ({ condition: lane.condition, node: inner(lane.block) })),
      otherwise: item.otherwise.length ? inner(item.otherwise) : null,
    };
    default: return { kind: "repeat", code: item.code, body: inner(item.block), until: item.until, at_most: item.at_most };
  }
}

function inner(block) {
  return block.length === 1 ? node(block[0]) : close(block);
}

// The blocks directly inside a node.
export function blocks(item) {
  if (item.kind === "all") return item.lanes.map((lane) => lane.block);
  if (item.kind === "choice") return [...item.lanes.map((lane) => lane.block), item.otherwise];
  return item.kind === "repeat" ? [item.block] : [];
}

export function* walk(block) {
  for (const item of block) {
    yield item;
    for (const child of blocks(item)) yield* walk(child);
  }
}

export function codes(block) {
  return [...walk(block)].map((item) => item.code).filter((code) => code !== undefined);
}

// A code that nothing in the flow has: step_1, step_2 …
export function fresh(block, stem, also = []) {
  const taken = new Set([...codes(block), ...also]);
  let number = 1;
  while (taken.has(`${stem}_${number}`)) number += 1;
  return `${stem}_${number}`;
}

export function goodCode(code) {
  return code.length <= 32 && CODE.test(code);
}

// A new node of a kind, with the least that makes it whole.
export function made(block, kind, name) {
  const given = [];
  const step = () => {
    const code = fresh(block, "step", given);
    given.push(code);
    return { kind: "step", code, name, attributes: {} };
  };
  if (kind === "step") return step();
  if (kind === "all") return { kind, lanes: [{ block: [step()] }, { block: [step()] }] };
  if (kind === "choice") return { kind, lanes: [{ condition: "", block: [step()] }], otherwise: [] };
  return { kind, code: fresh(block, "repeat"), until: "", at_most: 3, block: [step()] };
}

// Where a node stands: the block that holds it, its place there, and the node around that block (null at the root).
export function place(block, item, around = null) {
  const index = block.indexOf(item);
  if (index >= 0) return { block, index, around };
  for (const outer of block) {
    for (const child of blocks(outer)) {
      const found = place(child, item, outer);
      if (found) return found;
    }
  }
  return null;
}

// Move a node one place up (-1) or down (1): past its neighbour, or out of its block, before or after what holds it.
export function move(root, item, by) {
  const at = place(root, item);
  const target = at.index + by;
  if (target >= 0 && target < at.block.length) {
    at.block.splice(at.index, 1);
    at.block.splice(target, 0, item);
    return true;
  }
  if (at.around === null) return false;
  at.block.splice(at.index, 1);
  const outer = place(root, at.around);
  outer.block.splice(outer.index + (by > 0 ? 1 : 0), 0, item);
  return true;
}

// The outcomes of a step as lines of text, and back; null if a line has no code of the right form and a name.
export function outcomesText(outcomes) {
  return (outcomes ?? []).map((outcome) => `${outcome.code} ${outcome.name}`).join("\n");
}

export function outcomesRead(text) {
  const lines = text.split("\n").map((line) => line.trim()).filter(Boolean);
  const read = lines.map((line) => line.match(/^(\S+)\s+(.+)$/)).map((found) => found && { code: found[1], name: found[2] });
  return read.every((outcome) => outcome && goodCode(outcome.code)) ? read : null;
}
