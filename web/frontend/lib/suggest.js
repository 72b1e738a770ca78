// Suggestions below a search field while one types: a combobox with a list (WAI-ARIA Authoring Practices).
const WAIT = 120; // milliseconds after the last letter
let count = 0;

for (const field of document.querySelectorAll("input[data-suggest]")) combobox(field);

function combobox(field) {
  const list = document.createElement("ul");
  list.id = `suggestions-${count += 1}`;
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.labels[0]?.textContent ?? "");
  field.after(list);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", list.id]]) {
    field.setAttribute(name, value);
  }
  let chosen = -1, timer = 0, request = null;

  const show = (open) => {
    list.hidden = !open;
    field.setAttribute("aria-expanded", String(open));
    if (!open) choose(-1);
  };
  const choose = (index) => {
    chosen = index;
    [...list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === index)));
    if (index < 0) field.removeAttribute("aria-activedescendant");
    else {
      field.setAttribute("aria-activedescendant", list.children[index].id);
      list.children[index].scrollIntoView({ block: "nearest" });
    }
  };
  const option = (text, note, address, i) => {
    const item = document.createElement("li");
    item.id = `${list.id}-${i}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    item.dataset.address = address;
    item.append(text, Object.assign(document.createElement("span"), { className: "quiet", textContent: note }));
    return item;
  };
  const ask = async () => {
    request?.abort();
    request = new AbortController();
    const text = field.value.trim();
    if (text.length < 2) return show(false);
    try {
      const address = `${field.dataset.suggest}?${new URLSearchParams({ q: text })}`;
      const answer = await fetch(address, { signal: request.signal });
      if (!answer.ok) return show(false);
      const [asked, texts, notes, addresses] = await answer.json();
      if (asked !== field.value.trim()) return;
      list.replaceChildren(...texts.map((one, i) => option(one, notes[i], addresses[i], i)));
      chosen = -1;
      show(texts.length > 0 && document.activeElement === field);
    } catch (error) {
      if (error.name !== "AbortError") show(false);
    }
  };

  show(false);
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  field.addEventListener("blur", () => show(false));
  field.addEventListener("keydown", (event) => {
    const last = list.children.length - 1;
    if (event.key === "Escape" && !list.hidden) {
      show(false);
      event.preventDefault();
    } else if (event.key === "ArrowDown" && last >= 0) {
      show(true);
      choose(chosen >= last ? 0 : chosen + 1);
      event.preventDefault();
    } else if (event.key === "ArrowUp" && !list.hidden) {
      choose(chosen <= 0 ? last : chosen - 1);
      event.preventDefault();
    } else if (event.key === "Enter" && !list.hidden && chosen >= 0) {
      event.preventDefault();
      location.assign(list.children[chosen].dataset.address);
    }
  });
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
  list.addEventListener("click", (event) => {
    const item = event.target.closest("li");
    if (item) location.assign(item.dataset.address);
  });
}
