// The flow builder: an outline over the document in the text area named "flow", which stays the one thing that is sent.
// All words come from the template, so that they are translated with the page.
import { blocks, close, codes, goodCode, made, move, open, outcomesRead, outcomesText, place } from "./flow_tree.js";

const PAUSE = 400; // ms of quiet before a condition is checked
const DEFAULTS = { kind: "review", office: "accountable" };

class FlowEditor {
  constructor(element) {
    this.element = element;
    this.words = element.dataset;
    this.source = element.querySelector("textarea[name='flow']");
    this.work = element.querySelector(".flow-editor-work");
    this.tree = element.querySelector(".flow-editor-tree");
    this.status = element.querySelector(".flow-editor-status");
    this.undoButton = element.querySelector("[data-act='undo']");
    this.past = []; // documents as text, the last one the newest
    this.current = ""; // the document as it stands
    this.typing = null; // the field that the last change was typed into
    this.shown = new Map(); // node -> its list item
    this.checked = new Map(); // rule -> answer
    this.unfolded = new WeakSet(); // steps whose details are open
    this.work.hidden = false;
    this.sourceShown(false);
    element.querySelector("[data-act='source']").addEventListener("click", () => this.sourceShown(this.source.parentElement.hidden));
    this.undoButton.addEventListener("click", () => this.undo());
    this.source.addEventListener("input", (event) => { if (event.isTrusted) this.load(); });
    element.addEventListener("keydown", (event) => this.key(event));
    this.load();
    element.dataset.ready = "true";
  }

  // Read the text area; if it holds no flow, say so and leave it to the reader as text.
  load() {
    const text = this.source.value.trim();
    try {
      this.root = open(text ? JSON.parse(text) : null);
      this.current = JSON.stringify(close(this.root));
      this.typing = null;
      this.tree.hidden = false;
      this.say("");
      this.draw();
    } catch (error) {
      this.tree.hidden = true;
      this.sourceShown(true);
      this.say(this.words.badJson + error.message);
    }
  }

  sourceShown(shown) {
    this.source.parentElement.hidden = !shown;
    this.element.querySelector("[data-act='source']").setAttribute("aria-pressed", String(shown));
  }

  // Put the tree into the text area. What stood there before can be brought back; typing in one field counts as one change.
  record(field = null) {
    const text = JSON.stringify(close(this.root));
    if (text === this.current) return false;
    if (field === null || field !== this.typing) this.past.push(this.current);
    this.typing = field;
    this.undoButton.disabled = false;
    this.write(text);
    return true;
  }

  write(text) {
    this.current = text;
    this.source.value = JSON.stringify(JSON.parse(text), null, 2);
    this.source.dispatchEvent(new Event("input", { bubbles: true }));
  }

  change(word, item, act) {
    act();
    if (!this.record()) return;
    this.draw();
    this.say(word + this.title(item));
  }

  undo() {
    const before = this.past.pop();
    if (before === undefined) return;
    this.root = open(JSON.parse(before));
    this.typing = null;
    this.write(before);
    this.draw();
    this.say(this.words.doneUndo);
    (this.undoButton.disabled ? this.tree.querySelector(".fe-grip") : this.undoButton)?.focus();
  }

  title(item) {
    return item.name ?? this.part(item.kind).querySelector(".fe-grip").textContent;
  }

  say(text) {
    this.status.textContent = text;
  }

  part(name) {
    return this.element.querySelector(`template[data-part="${name}"]`).content.firstElementChild.cloneNode(true);
  }

  draw() {
    this.shown.clear();
    this.undoButton.disabled = this.past.length === 0;
    this.tree.replaceChildren(...this.block(this.root));
    this.judge();
  }

  block(block) {
    const outline = this.part("block");
    outline.append(...block.map((item) => this.item(item)));
    const add = this.part("add");
    for (const button of add.querySelectorAll("[data-add]")) {
      button.addEventListener("click", () => {
        const item = made(this.root, button.dataset.add, this.words.newStep);
        this.change(this.words.added, item, () => block.push(item));
        const part = this.shown.get(item);
        (part.querySelector("[data-rule], [data-field='name']") ?? part.querySelector(".fe-grip")).focus();
      });
    }
    if (block.length) return [outline, add];
    return [Object.assign(document.createElement("p"), { className: "fe-empty muted", textContent: this.words.empty }), add];
  }

  item(item) {
    const part = this.part(item.kind);
    this.shown.set(item, part);
    part.querySelector(".fe-head").append(this.tools(() => move(this.root, item, -1), () => move(this.root, item, 1), () => this.remove(item), item));
    const fields = part.querySelector(".fe-fields");
    if (item.kind === "step") {
      this.stepFields(item, fields);
      this.fold(item, part);
    }
    if (item.kind === "repeat") this.repeatFields(item, fields);
    const lanes = part.querySelector(".fe-lanes");
    if (item.kind === "repeat") lanes.append(...this.block(item.block));
    if (item.lanes) {
      lanes.append(...item.lanes.map((lane, index) => this.lane(item, lane, index)));
      if (item.kind === "choice") lanes.append(this.otherwise(item));
      part.querySelector("[data-act='lane']").addEventListener("click", () => this.addLane(item));
    }
    return part;
  }

  tools(up, down, remove, item) {
    const tools = this.part("tools");
    const act = (name) => this.shown.get(item)?.querySelector(`:scope > .fe-head [data-act='${name}']`)?.focus();
    for (const [name, by] of [["up", up], ["down", down]]) {
      tools.querySelector(`[data-act='${name}']`).addEventListener("click", () => { this.change(this.words.moved, item, by); act(name); });
    }
    tools.querySelector("[data-act='remove']").addEventListener("click", remove);
    return tools;
  }

  remove(item) {
    const at = place(this.root, item);
    this.change(this.words.removed, item, () => at.block.splice(at.index, 1));
    this.undoButton.focus();
  }

  addLane(item) {
    const step = made(this.root, "step", this.words.newStep);
    const lane = item.kind === "choice" ? { condition: "", block: [step] } : { block: [step] };
    this.change(this.words.added, step, () => item.lanes.push(lane));
    const last = [...this.shown.get(item).querySelectorAll(":scope > .fe-lanes > .fe-lane")].at(item.kind === "choice" ? -2 : -1);
    last.querySelector("textarea, input").focus();
  }

  lane(item, lane, index) {
    const part = this.part("lane");
    this.entitle(part, `${item.kind === "choice" ? this.words.branchLabel : this.words.laneLabel} ${index + 1}`);
    const tools = this.part("tools");
    const swap = (by) => {
      const target = index + by;
      if (target < 0 || target >= item.lanes.length) return;
      this.change(this.words.moved, item, () => { item.lanes.splice(index, 1); item.lanes.splice(target, 0, lane); });
      this.shown.get(item).querySelectorAll(":scope > .fe-lanes > .fe-lane")[target].querySelector(`[data-act='${by < 0 ? "up" : "down"}']`).focus();
    };
    tools.querySelector("[data-act='up']").addEventListener("click", () => swap(-1));
    tools.querySelector("[data-act='down']").addEventListener("click", () => swap(1));
    tools.querySelector("[data-act='remove']").addEventListener("click", () => {
      this.change(this.words.removed, { name: part.querySelector(".fe-lane-title").textContent }, () => item.lanes.splice(index, 1));
      this.undoButton.focus();
    });
    part.querySelector(".fe-head").append(tools);
    if (item.kind === "choice") {
      const condition = this.part("condition");
      this.rule(condition.querySelector("textarea"), lane, "condition");
      part.append(condition);
    }
    part.append(...this.block(lane.block));
    return part;
  }

  entitle(part, title) {
    part.setAttribute("aria-label", title);
    part.querySelector(".fe-lane-title").textContent = title;
  }

  otherwise(item) {
    const part = this.part("lane");
    part.classList.add("fe-otherwise");
    this.entitle(part, this.words.otherwiseLabel);
    part.append(...this.block(item.otherwise));
    return part;
  }

  stepFields(item, fields) {
    const head = this.shown.get(item).querySelector(".fe-head");
    const attribute = (name, value) => {
      if (value === "" || value === false || value === null || value === DEFAULTS[name]) delete item.attributes[name];
      else item.attributes[name] = value;
    };
    this.field(head, "name", item.name, (value) => { item.name = value; return value.trim() ? "" : this.words.noName; });
    this.codeField(fields, item);
    this.select(fields, "office", item.attributes.office ?? "", (value) => attribute("office", value));
    this.select(fields, "kind", item.attributes.kind ?? DEFAULTS.kind, (value) => attribute("kind", value));
    for (const name of ["permission", "law"]) {
      this.field(fields, name, item.attributes[name] ?? "", (value) => { attribute(name, value.trim()); return ""; });
    }
    this.field(fields, "outcomes", outcomesText(item.attributes.outcomes), (value) => {
      const outcomes = outcomesRead(value);
      if (outcomes) attribute("outcomes", outcomes.length ? outcomes : null);
      return outcomes ? "" : this.words.badCode;
    });
    const veto = fields.querySelector("[data-field='veto']");
    veto.checked = item.attributes.veto === true;
    veto.addEventListener("change", () => { attribute("veto", veto.checked); this.record(veto); });
    this.limitFields(item, fields);
  }

  // Folded, a step says in one line what its details hold.
  fold(item, part) {
    const detail = part.querySelector(".fe-detail");
    const chosen = (name) => part.querySelector(`[data-field='${name}']`).selectedOptions[0].textContent;
    const tell = () => {
      const { limit, veto } = item.attributes;
      const parts = [chosen("office"), chosen("kind"), limit ? `${limit.amount} ${chosen("unit")}` : "", veto ? this.words.veto : "", item.code];
      detail.firstElementChild.textContent = parts.filter(Boolean).join(" · ");
    };
    tell();
    detail.open = this.unfolded.has(item);
    detail.addEventListener("toggle", () => this.unfolded[detail.open ? "add" : "delete"](item));
    for (const event of ["input", "change"]) detail.addEventListener(event, tell);
  }

  limitFields(item, fields) {
    const unit = fields.querySelector("[data-field='unit']");
    const limit = (amount) => {
      if (amount === "") { delete item.attributes.limit; return ""; }
      if (!/^[1-9]\d*$/.test(amount)) return this.words.badNumber;
      item.attributes.limit = { amount: Number(amount), unit: unit.value };
      return "";
    };
    this.select(fields, "unit", item.attributes.limit?.unit ?? "workday", () => limit(String(item.attributes.limit?.amount ?? "")));
    this.field(fields, "amount", String(item.attributes.limit?.amount ?? ""), (value) => limit(value.trim()));
  }

  repeatFields(item, fields) {
    this.rule(fields.querySelector("[data-field='until']"), item, "until");
    this.codeField(fields, item);
    this.field(fields, "at_most", String(item.at_most), (value) => {
      const number = /^\d+$/.test(value.trim()) ? Number(value) : 0;
      if (number < 1 || number > 100) return this.words.badNumber;
      item.at_most = number;
      return "";
    });
  }

  codeField(fields, item) {
    this.field(fields, "code", item.code, (value) => { item.code = value.trim(); return ""; });
    fields.querySelector("[data-field='code']").addEventListener("input", () => this.judge());
  }

  // Codes are judged together: one changed code can make another right.
  judge() {
    const all = codes(this.root);
    for (const [item, part] of this.shown) {
      if (item.code === undefined) continue;
      const input = part.querySelector(":scope > .fe-fields [data-field='code'], :scope > .fe-detail [data-field='code']");
      const twice = all.filter((code) => code === item.code).length > 1;
      const wrong = goodCode(item.code) ? (twice ? this.words.sameCode : "") : this.words.badCode;
      if (wrong) for (let fold = input.closest("details"); fold && part.contains(fold); fold = fold.parentElement.closest("details")) fold.open = true;
      note(input, wrong, Boolean(wrong));
    }
  }

  // A text field: `take` puts the value into the tree and answers what is wrong with it, if anything.
  field(within, name, value, take) {
    const input = within.querySelector(`[data-field='${name}']`);
    input.value = value;
    const apply = () => { note(input, take(input.value), true); };
    if (name === "name") apply();
    input.addEventListener("input", () => { apply(); this.record(input); });
  }

  select(within, name, value, take) {
    const input = within.querySelector(`[data-field='${name}']`);
    const wanted = name === "office" && value === DEFAULTS.office ? "" : value;
    if (![...input.options].some((option) => option.value === wanted)) input.add(new Option(wanted, wanted));
    for (const option of [...input.options]) if (name === "office" && option.value === DEFAULTS.office) option.remove();
    input.value = wanted;
    input.addEventListener("change", () => { take(input.value); this.record(input); });
  }

  // A condition: kept at every keystroke, checked by the server when the keys are quiet.
  rule(input, holder, name) {
    let timer = null;
    input.value = holder[name];
    const grow = () => { input.rows = Math.min(8, Math.max(1, input.value.split("\n").length)); };
    grow();
    const check = () => {
      const rule = input.value.trim();
      if (!rule) { note(input, this.words.noCondition, true); return; }
      if (this.checked.has(rule)) { const { ok, sentence } = this.checked.get(rule); note(input, sentence, !ok); return; }
      note(input, this.words.checking, false);
      this.ask(rule).then(({ ok, sentence }) => { if (input.value.trim() === rule) note(input, sentence, !ok); });
    };
    input.addEventListener("input", () => {
      holder[name] = input.value;
      grow();
      this.record(input);
      clearTimeout(timer);
      timer = setTimeout(check, PAUSE);
    });
    if (this.words.checkUrl) queueMicrotask(check);
  }

  async ask(rule) {
    try {
      const address = new URL(this.words.checkUrl, location.href);
      address.searchParams.set("rule", rule);
      const answer = await fetch(address, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const { ok, sentence } = await answer.json();
      this.checked.set(rule, { ok, sentence });
      return { ok, sentence };
    } catch {
      return { ok: true, sentence: this.words.checkFailed };
    }
  }

  key(event) {
    const grip = event.target.closest(".fe-grip");
    const typing = event.target.closest("input, textarea, select");
    if (event.key === "z" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !typing) { event.preventDefault(); this.undo(); return; }
    if (!grip) return;
    const item = [...this.shown].find(([, part]) => part === grip.closest(".fe-item"))[0];
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (by && event.altKey) {
      event.preventDefault();
      this.change(this.words.moved, item, () => move(this.root, item, by));
      this.shown.get(item).querySelector(".fe-grip").focus();
    } else if (by) {
      event.preventDefault();
      const grips = [...this.tree.querySelectorAll(".fe-grip")];
      grips[grips.indexOf(grip) + by]?.focus();
    } else if (event.key === "Delete") {
      event.preventDefault();
      this.remove(item);
    }
  }
}

let notes = 0;

// A sentence under a field, tied to it for those who do not see it.
function note(input, text, wrong) {
  const holder = input.closest("label");
  let line = holder.querySelector(".fe-note-line");
  if (!line) {
    line = document.createElement("span");
    line.className = "fe-note-line";
    line.id = `fe-note-${(notes += 1)}`;
    line.setAttribute("aria-live", "polite");
    holder.append(line);
    input.setAttribute("aria-describedby", line.id);
  }
  line.textContent = text;
  line.classList.toggle("fe-wrong", Boolean(text) && wrong);
  input.setAttribute("aria-invalid", String(Boolean(text) && wrong));
}

function find(within) {
  for (const element of within.querySelectorAll(".flow-editor:not([data-ready])")) new FlowEditor(element);
}
find(document);
document.addEventListener("htmx:afterSwap", (event) => find(event.target));
