// What makes the pages a little kinder; all of them work without it.
"use strict";

const on = (type, act) => document.addEventListener(type, act);

// A second press must not send the form twice. The server guards too; this only spares the wait.
const release = (form) => {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
};
on("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("hx-post")) return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "yes";
    event.submitter?.setAttribute("aria-busy", "true");
    // A file is downloaded without leaving the page: the form must wake up again.
    setTimeout(() => release(form), 8000);
});
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));

// Text not yet saved: ask before leaving. A form that came back with errors is unsaved from the start.
const unsaved = new Set();
const guarded = (target) => target.closest?.("form[data-guard]");
on("input", (event) => guarded(event.target) && unsaved.add(guarded(event.target)));
on("submit", (event) => event.defaultPrevented || unsaved.clear());
addEventListener("beforeunload", (event) => {
    if ([...unsaved].some((form) => form.isConnected)) event.preventDefault();
});

// Filters that apply themselves; without script their button does it.
on("change", (event) => event.target.form?.matches("[data-autosubmit]") && event.target.form.requestSubmit());

// Characters left under a field that has a limit, said when it comes near.
const countLeft = (line) => {
    const field = document.getElementById(line.dataset.chars);
    if (!field) return;
    const most = Number(field.dataset.most);
    const left = most - field.value.length;
    line.hidden = !most || left > most / 5;
    line.querySelector("span").textContent = left;
};
on("input", (event) => {
    const line = document.querySelector(`[data-chars="${CSS.escape(event.target.id)}"]`);
    if (line) countLeft(line);
});

// A field under the sticky save bar comes into sight when it is written in.
on("focusin", ({ target }) => {
    const bar = target.form?.querySelector(".save-bar");
    if (!bar || bar.contains(target)) return;
    if (target.getBoundingClientRect().bottom > bar.getBoundingClientRect().top) target.scrollIntoView({ block: "nearest" });
});

// Menus close at Escape and at a press elsewhere.
const closeMenus = (except) => {
    for (const menu of document.querySelectorAll("details.drop[open]")) if (menu !== except) menu.open = false;
};
on("click", (event) => closeMenus(event.target.closest("details.drop")));
on("keydown", (event) => {
    const menu = event.key === "Escape" && document.activeElement.closest("details.drop[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
});

// After loading, and after htmx has put something in.
const prepare = (root) => {
    root.querySelectorAll("[data-chars]").forEach(countLeft);
    const first = root.querySelector("[data-focus]");
    first?.focus();
    first?.removeAttribute("data-focus");
    root.querySelectorAll("form[data-guard]:has([aria-invalid=true])").forEach((form) => unsaved.add(form));
    for (const button of root.querySelectorAll("[data-print]")) button.hidden = false;
    for (const row of root.querySelectorAll(".menu, .tabs")) {
        const here = row.querySelector("[aria-current]");
        if (here) row.scrollLeft = Math.max(0, here.offsetLeft - row.offsetLeft - 48);
    }
};
on("click", (event) => event.target.closest("[data-print]") && print());
on("DOMContentLoaded", () => prepare(document));
on("htmx:after:swap", () => prepare(document));
