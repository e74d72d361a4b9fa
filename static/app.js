// What every page shares. All listeners sit on the document, so that swapped content needs no set-up.
(() => {
  "use strict";

  // --- errors of htmx requests ---------------------------------------------------------------------
  function toast(text) {
    const region = document.getElementById("toasts");
    if (!region) return;
    const box = document.createElement("div");
    box.className = "alert alert-danger alert-dismissible mb-2";
    box.textContent = text;
    const close = document.createElement("button");
    close.type = "button";
    close.className = "btn-close";
    close.setAttribute("aria-label", region.dataset.close);
    close.addEventListener("click", () => box.remove());
    box.append(close);
    region.append(box);
  }

  function sentence(status) {
    const texts = document.getElementById("toasts").dataset;
    if (status === 403) return texts.forbidden;
    if (status === 404 || status === 410) return texts.gone;
    if (status === 429) return texts.tooMany;
    return texts.failed;
  }

  document.addEventListener("htmx:responseError", (event) => toast(sentence(event.detail.xhr.status)));
  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(name, () => toast(document.getElementById("toasts").dataset.offline));
  }

  // --- focus ---------------------------------------------------------------------------------------
  // htmx keeps the focus of an element that comes back with the same id. Where it is gone, go to what the answer marks.
  document.addEventListener("htmx:afterSettle", (event) => {
    if (document.activeElement && document.activeElement !== document.body) return;
    const target = event.detail.elt;
    const next = target.querySelector("[data-focus], .is-invalid, [autofocus]");
    if (next) next.focus();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable='true'], dialog")) return;
    const fields = [...document.querySelectorAll("#main [data-search], [data-search]")];
    const field = fields.find((candidate) => candidate.offsetParent !== null);
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.select();
  });

  // --- wide tables: what can be scrolled can be reached and scrolled by keyboard --------------------
  const widths = new ResizeObserver((entries) => entries.forEach(({ target }) => reachable(target)));
  function reachable(box) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
  function watchTables(root) {
    root.querySelectorAll(".table-responsive").forEach((box) => widths.observe(box));
  }
  document.addEventListener("DOMContentLoaded", () => watchTables(document));
  document.addEventListener("htmx:afterSettle", () => watchTables(document));

  // --- confirm: <form|button|a data-confirm="What will be lost" data-confirm-label="Delete the note"> ---------------
  function ask(question, label, proceed) {
    const dialog = document.getElementById("confirm-dialog");
    const yes = dialog.querySelector("[value=yes]");
    dialog.querySelector("p").textContent = question;
    yes.textContent = label || yes.dataset.default;
    dialog.onclick = (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      dialog.close();
      if (button.value === "yes") proceed();
    };
    dialog.showModal();
  }

  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      const source = event.submitter?.dataset.confirm ? event.submitter : form;
      if (!source.dataset.confirm || form.dataset.confirmed) {
        delete form.dataset.confirmed;
        return;
      }
      event.preventDefault();
      event.stopImmediatePropagation();
      ask(source.dataset.confirm, source.dataset.confirmLabel, () => {
        form.dataset.confirmed = "yes";
        form.requestSubmit(event.submitter);
      });
    },
    true,
  );

  // The same dialog for hx-confirm.
  document.addEventListener("htmx:confirm", (event) => {
    if (!event.detail.question) return;
    event.preventDefault();
    ask(event.detail.question, event.detail.elt.dataset.confirmLabel, () => event.detail.issueRequest(true));
  });

  // --- a click anywhere on a row opens it: <tr data-href="…">; the row also holds a real link -----------------------
  document.addEventListener("click", (event) => {
    const row = event.target.closest("[data-href]");
    if (!row || event.target.closest("a, button, input, select, textarea, label, summary, [role=button]")) return;
    if (window.getSelection().toString()) return;
    if (event.ctrlKey || event.metaKey) window.open(row.dataset.href, "_blank", "noopener");
    else window.location.assign(row.dataset.href);
  });

  // --- <input data-narrows="id of a list of check boxes"> shows only what fits; chosen ones always ---------------------
  document.addEventListener("input", (event) => {
    const field = event.target.closest("[data-narrows]");
    if (!field) return;
    const words = field.value.trim().toLowerCase();
    for (const label of document.getElementById(field.dataset.narrows).querySelectorAll("label")) {
      label.hidden = !label.textContent.toLowerCase().includes(words) && !label.querySelector(":checked");
    }
  });

  // Such a list starts where something is chosen.
  function showChosen() {
    for (const list of document.querySelectorAll(".choice-list")) {
      const first = list.querySelector(":checked")?.closest("label");
      if (first) list.scrollTop = first.offsetTop - list.offsetTop - 8;
    }
  }
  document.addEventListener("DOMContentLoaded", showChosen);
  document.addEventListener("htmx:load", showChosen);

  // --- a select or check box that sends its form at once: data-submit-on-change ----------------------------------------
  document.addEventListener("change", (event) => {
    const field = event.target.closest("[data-submit-on-change]");
    if (field && field.form) field.form.requestSubmit();
  });
})();
