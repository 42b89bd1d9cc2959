/* The score sheet adds up while it is filled in; without scripts the server adds up what is sent. */
"use strict";
for (const form of document.querySelectorAll("form[data-score]")) {
  const inputs = [...form.querySelectorAll("input[data-most]")];
  const line = form.querySelector("[data-total]");
  const add = () => {
    let cents = 0;
    for (const input of inputs) {
      const mark = Number(input.value.trim() || "0");
      const wrong = !(mark >= 0 && mark <= Number(input.dataset.most));
      input.setAttribute("aria-invalid", String(wrong));
      cents += wrong ? 0 : Math.round(mark * 100);
    }
    line.querySelector("output").value = (cents / 100).toString();
  };
  form.addEventListener("input", add);
  line.hidden = false;
  add();
}
