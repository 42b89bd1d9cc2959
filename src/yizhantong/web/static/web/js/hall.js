// The hall: drafts save themselves while they are filled in, fields come and go as the answers ask for them, uploads show how far they are.
for (const print of document.querySelectorAll("[data-print]")) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}

const form = document.querySelector("form[data-autosave]");
if (form) keepSaving(form);

function keepSaving(form) {
  const state = form.querySelector("[data-save-state]");
  const WAIT = 1200;
  let timer = null;
  let sending = null;
  let dirty = false;
  const later = () => { dirty = true; clearTimeout(timer); timer = setTimeout(save, WAIT); };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  window.addEventListener("online", () => dirty && save());
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && dirty && navigator.sendBeacon) navigator.sendBeacon(form.dataset.autosave, new FormData(form));
  });

  async function save() {
    clearTimeout(timer);
    sending?.abort();
    sending = new AbortController();
    state.textContent = form.dataset.saving;
    try {
      const answer = await fetch(form.dataset.autosave, { method: "POST", body: new FormData(form), signal: sending.signal });
      const told = await answer.json();
      if (!answer.ok) { state.textContent = told.sentence ?? form.dataset.notSaved; return; }
      dirty = false;
      state.textContent = form.dataset.saved.replace("%s", told.saved);
      show(told);
    } catch (error) {
      if (error.name !== "AbortError") state.textContent = form.dataset.notSaved;
    }
  }

  function show(told) {
    const visible = new Set(told.visible);
    const required = new Set(told.required);
    for (const field of form.querySelectorAll("[data-field]")) {
      field.hidden = !visible.has(field.dataset.field);
      const mark = field.querySelector("[data-required]");
      if (mark) mark.hidden = !required.has(field.dataset.field);
    }
  }
}

// A file goes up with its progress; whatever comes of it is the page that the server answers with.
for (const upload of document.querySelectorAll("form[data-upload]")) {
  upload.addEventListener("submit", (event) => {
    const bar = upload.querySelector("progress");
    const button = upload.querySelector("button");
    if (!bar || !upload.querySelector("input[type=file]").files.length) return;
    event.preventDefault();
    bar.hidden = false;
    button.disabled = true;
    const request = new XMLHttpRequest();
    request.open("POST", upload.action || location.href);
    request.upload.addEventListener("progress", (now) => { if (now.lengthComputable) bar.value = (100 * now.loaded) / now.total; });
    request.addEventListener("load", () => {
      if (request.status < 400) { location.href = request.responseURL; if (location.hash) location.reload(); return; }
      document.querySelector("main").replaceWith(new DOMParser().parseFromString(request.responseText, "text/html").querySelector("main"));
      document.querySelector("[data-errors]")?.focus();
    });
    request.addEventListener("error", () => { bar.hidden = true; button.disabled = false; upload.submit(); });
    request.send(new FormData(upload));
  });
}
