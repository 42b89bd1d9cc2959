// Draws the flows of a page with bpmn-js and marks where the case stands. The list of steps beside each drawing says the same
// in words and stays for those who do not see the drawing; without scripts it is all there is.
const SMALLEST = 0.55; // below this scale the names of steps cannot be read: show a part of the flow instead of all
const MARGIN = 24;
const STEP = 60;
const VIEWER = new URL("../../vendor/bpmn-navigated-viewer.min.js", import.meta.url).href;
const LETTERS = { defaultStyle: { fontSize: "16px", lineHeight: 1.25 }, externalStyle: { fontSize: "14px", lineHeight: 1.2 } };

let loading = null;

function viewer(address) {
  loading ??= new Promise((resolve, reject) => {
    if (window.BpmnJS) { resolve(window.BpmnJS); return; }
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => resolve(window.BpmnJS);
    script.onerror = () => { loading = null; reject(new Error(address)); };
    document.head.append(script);
  });
  return loading;
}

// The codes of the steps in one state: from the element's own attribute, else from the list beside it.
function codes(holder, state) {
  const given = holder.getAttribute(`data-flow-${state}`);
  if (given !== null) return JSON.parse(given);
  const listed = holder.parentElement.querySelectorAll(`li[data-step][data-state="${state}"]`);
  return [...listed].map((item) => item.dataset.step);
}

async function draw(holder) {
  const stage = document.createElement("div");
  stage.className = "flow-stage";
  try {
    const [Viewer, answer] = await Promise.all([viewer(holder.dataset.flowViewer ?? VIEWER), fetch(holder.dataset.flowUrl)]);
    if (!answer.ok) throw new Error(String(answer.status));
    const xml = await answer.text();
    holder.hidden = false;
    holder.replaceChildren(stage);
    const drawing = new Viewer({ container: stage, zoomScroll: { enabled: false }, textRenderer: LETTERS });
    const { warnings } = await drawing.importXML(xml);
    if (warnings.length) console.error("flow", ...warnings);
    const picture = stage.querySelector("svg");
    picture.setAttribute("aria-hidden", "true");
    picture.setAttribute("tabindex", "-1");
    const open = mark(drawing, holder);
    furnish(drawing, holder, stage, open);
  } catch (error) {
    console.warn("flow", error);
    holder.hidden = false;
    holder.replaceChildren(Object.assign(document.createElement("p"), { className: "muted", textContent: holder.dataset.flowFailed ?? "" }));
  }
}

// Colour, line and a badge with a word: each of them alone tells the states apart.
function mark(drawing, holder) {
  const canvas = drawing.get("canvas");
  const overlays = drawing.get("overlays");
  const registry = drawing.get("elementRegistry");
  const states = new Map();
  for (const state of ["done", "open"]) for (const code of codes(holder, state)) states.set(`step-${code}`, state);
  const open = [];
  for (const element of registry.filter((part) => part.type === "bpmn:UserTask")) {
    const state = states.get(element.id) ?? "ahead";
    canvas.addMarker(element, `flow-${state}`);
    if (state === "ahead") continue;
    if (state === "open") open.push(element);
    const badge = document.createElement("span");
    badge.className = `flow-badge flow-badge-${state}`;
    badge.textContent = (state === "done" ? "✓ " : "▶ ") + (holder.dataset[state === "done" ? "flowDoneLabel" : "flowOpenLabel"] ?? "");
    overlays.add(element, { position: { top: -11, left: 8 }, html: badge });
  }
  return open;
}

function furnish(drawing, holder, stage, open) {
  const canvas = drawing.get("canvas");
  const whole = canvas.viewbox().inner;
  let chosen = null; // the scale that the reader chose; null while the drawing chooses
  const view = { width: 0, height: 0 };

  function look(scale, centre) {
    const width = stage.clientWidth / scale;
    const height = stage.clientHeight / scale;
    canvas.viewbox({ x: centre.x - width / 2, y: centre.y - height / 2, width, height });
  }
  function arrange(all = false) {
    const fit = Math.min(1, (holder.clientWidth - 2 * MARGIN) / whole.width);
    const scale = all ? fit : Math.max(SMALLEST, fit);
    const height = Math.min(whole.height * scale + 2 * MARGIN + 8, window.innerHeight * 0.7);
    stage.style.height = `${Math.max(120, Math.round(height))}px`;
    canvas.resized();
    look(all ? Math.min(fit, (stage.clientHeight - 2 * MARGIN) / whole.height) : scale, centreOf(scale));
  }
  // All of it, as far as it fits; else the open steps, or the beginning.
  function centreOf(scale) {
    const width = stage.clientWidth / scale;
    const height = stage.clientHeight / scale;
    const margin = MARGIN / scale;
    const left = open.length ? Math.min(...open.map((part) => part.x)) : whole.x;
    const top = open.length ? Math.min(...open.map((part) => part.y)) : whole.y;
    const x = whole.width + 2 * margin <= width ? whole.x + whole.width / 2
      : clamp(left + width / 4, whole.x - margin + width / 2, whole.x + whole.width + margin - width / 2);
    const y = whole.height + margin <= height ? whole.y + whole.height / 2
      : clamp(top + height / 4, whole.y - margin + height / 2, whole.y + whole.height + margin - height / 2);
    return { x, y };
  }
  function zoom(factor) {
    const box = canvas.viewbox();
    chosen = clamp(box.scale * factor, 0.1, 3);
    look(chosen, { x: box.x + box.width / 2, y: box.y + box.height / 2 });
  }
  const keys = {
    "+": () => zoom(1.25), "=": () => zoom(1.25), "-": () => zoom(0.8),
    "0": () => { chosen = 0; arrange(true); },
    ArrowLeft: () => canvas.scroll({ dx: STEP, dy: 0 }), ArrowRight: () => canvas.scroll({ dx: -STEP, dy: 0 }),
    ArrowUp: () => canvas.scroll({ dx: 0, dy: STEP }), ArrowDown: () => canvas.scroll({ dx: 0, dy: -STEP }),
  };
  stage.tabIndex = 0;
  stage.setAttribute("role", "group");
  stage.setAttribute("aria-label", holder.dataset.flowLabel ?? "");
  stage.addEventListener("keydown", (event) => {
    if (event.target.closest("a") || event.ctrlKey || event.metaKey || event.altKey || !(event.key in keys)) return;
    event.preventDefault();
    keys[event.key]();
  });
  pan(stage, canvas);
  holder.append(tools(holder, keys));
  arrange();
  new ResizeObserver(() => {
    if (holder.clientWidth === view.width) return;
    view.width = holder.clientWidth;
    if (chosen === null || chosen === 0) arrange(chosen === 0);
  }).observe(holder);
  const list = holder.parentElement.querySelector("details.flow-list");
  if (list && window.matchMedia("(min-width: 60rem)").matches) list.open = false;
  holder.dataset.flowReady = "true";
}

// One finger sideways moves the drawing; up and down it still scrolls the page.
function pan(stage, canvas) {
  let from = null;
  stage.addEventListener("pointerdown", (event) => { if (event.pointerType === "touch") from = event.clientX; });
  stage.addEventListener("pointermove", (event) => {
    if (from === null || event.pointerType !== "touch") return;
    canvas.scroll({ dx: event.clientX - from, dy: 0 });
    from = event.clientX;
  });
  for (const end of ["pointerup", "pointercancel"]) stage.addEventListener(end, () => { from = null; });
}

function tools(holder, keys) {
  const bar = document.createElement("div");
  bar.className = "flow-tools";
  for (const [key, sign, label] of [["+", "＋", "flowInLabel"], ["-", "－", "flowOutLabel"], ["0", "", "flowFitLabel"]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = sign || (holder.dataset[label] ?? "");
    if (sign) button.setAttribute("aria-label", holder.dataset[label] ?? "");
    button.addEventListener("click", keys[key]);
    bar.append(button);
  }
  return bar;
}

function clamp(value, low, high) {
  return Math.max(low, Math.min(high, value));
}

const near = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (!entry.isIntersecting) continue;
    near.unobserve(entry.target);
    draw(entry.target.querySelector(".flow"));
  }
}, { rootMargin: "200px" });

function find(within) {
  for (const holder of within.querySelectorAll(".flow[data-flow-url]:not([data-flow-seen])")) {
    holder.dataset.flowSeen = "true";
    near.observe(holder.parentElement);
  }
}
find(document);
document.addEventListener("htmx:afterSwap", (event) => find(event.target));
