// The page's one script. The server renders every word; this keeps the page in step with what it sends.

const $ = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const panes = new Map(); // number -> { root, user, spot, items: Map(id -> {mark, nodes}), active }
const people = all("option", $("#pane").content).map((option) => option.value);
const remembered = "kith-playground-panes";
let live;
let number = 0;
let shown = 0; // the pane that a narrow screen shows
let waited = 0; // attempts to connect again
let waits = {}; // member -> messages not read yet
let opener = null;

// ---- talking to the server ----

function send(value) {
  if (live?.readyState === WebSocket.OPEN) live.send(JSON.stringify(value));
}

function connect() {
  live = new WebSocket(`ws://${location.host}/live`);
  live.addEventListener("open", () => {
    waited = 0;
    problem("");
    for (const [id, pane] of panes) send({ do: "open", pane: id, user: pane.user, spot: pane.spot });
    if (!$("#drawer").hidden) send({ do: "drawer", open: true });
  });
  live.addEventListener("message", (event) => hear(JSON.parse(event.data)));
  live.addEventListener("close", () => {
    problem("The playground does not answer. Is it still running in your terminal? Trying again…");
    waited = Math.min(waited + 1, 5);
    setTimeout(connect, 1000 * waited);
  });
}

function hear(said) {
  const hears = { pane: draw, clock, form, hints, waiting, drawer, done };
  if (said.is === "said") $("#said").textContent = said.text;
  else if (said.is === "problem") problem(said.text);
  else hears[said.is]?.(said);
}

function problem(text) {
  $("#problem").textContent = text;
}

// ---- panes ----

function addPane(user, spot = "") {
  const id = number++;
  const root = $("#pane").content.cloneNode(true).firstElementChild;
  root.dataset.pane = id;
  const list = $("[role=listbox]", root);
  list.id = `hints-${id}`;
  $("input[role=combobox]", root).setAttribute("aria-controls", list.id);
  $(".title", root).id = `title-${id}`;
  root.setAttribute("aria-labelledby", `title-${id}`);
  panes.set(id, { root, user, spot, items: new Map(), active: -1 });
  const log = $(".log", root);
  log.addEventListener("scroll", () => (panes.get(id).atEnd = isAtEnd(log)));
  new ResizeObserver(() => panes.get(id)?.atEnd !== false && toEnd(log)).observe(log);
  $("#panes").append(root);
  $(".act-as", root).value = user;
  send({ do: "open", pane: id, user, spot });
  arrange();
  return id;
}

function removePane(id) {
  send({ do: "close", pane: id });
  panes.get(id).root.remove();
  panes.delete(id);
  arrange();
  $(".act-as")?.focus();
}

function openPlace(id, user, spot = "") {
  Object.assign(panes.get(id), { user, spot });
  send({ do: "open", pane: id, user, spot });
}

function arrange() {
  if (!panes.has(shown)) shown = panes.keys().next().value ?? 0;
  for (const [id, pane] of panes) {
    pane.root.classList.toggle("shown", id === shown);
    $(".remove", pane.root).hidden = panes.size === 1;
  }
  $("#add").disabled = panes.size >= 4;
  remember();
  tabs();
}

function remember() {
  sessionStorage.setItem(remembered, JSON.stringify([...panes.values()].map(({ user, spot }) => [user, spot])));
}

function tabs() {
  const focus = document.activeElement?.dataset?.tab;
  const buttons = [...panes].map(([id, pane]) => {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.tab = id;
    const count = id === shown ? 0 : (waits[pane.user] ?? 0);
    button.textContent = `${pane.name ?? "…"}${count ? ` · ${count} new` : ""}`;
    if (id === shown) button.setAttribute("aria-current", "true");
    return button;
  });
  $("#tabs").replaceChildren(...buttons);
  if (focus) $(`[data-tab="${focus}"]`)?.focus();
}

function draw(said) {
  const pane = panes.get(said.pane);
  if (!pane || pane.user !== said.user) return;
  const moved = pane.drawn !== `${said.user} ${said.spot}`;
  const { root } = pane;
  Object.assign(pane, { spot: said.spot, drawn: `${said.user} ${said.spot}` });
  if (pane.name !== said.name) {
    pane.name = said.name;
    tabs();
  }
  const avatar = $(".pane-top .avatar", root);
  avatar.className = `avatar hue-${said.hue}`;
  avatar.textContent = said.initials;
  $(".act-as", root).value = said.user;
  $(".local", root).textContent = said.time;
  $(".title", root).textContent = said.title;
  $(".title", root).setAttribute("aria-label", `${said.name}: ${said.title}`);
  $(".log", root).setAttribute("aria-label", `${said.title}, as ${said.name} sees it`);
  $(".composer", root).hidden = said.kind === "home";
  const input = $("input[role=combobox]", root);
  input.setAttribute("aria-label", `Message to ${said.title} as ${said.name}`);
  const nav = $(".places", root);
  nav.setAttribute("aria-label", `Places that ${said.name} can read`);
  if (pane.places !== said.places) {
    const focus = document.activeElement?.closest(".places") === nav ? document.activeElement.dataset.spot : null;
    nav.innerHTML = pane.places = said.places;
    if (focus) $(`[data-spot="${CSS.escape(focus)}"]`, nav)?.focus();
  }
  patch(pane, said.items, moved);
  remember();
}

function patch(pane, items, moved) {
  const log = $(".log", pane.root);
  const atEnd = isAtEnd(log);
  if (moved) {
    log.setAttribute("aria-live", "off");
    log.replaceChildren();
    pane.items.clear();
  }
  const kept = new Set(items.map((item) => item.id));
  for (const [id, item] of pane.items) {
    if (!kept.has(id)) {
      item.node.remove();
      pane.items.delete(id);
    }
  }
  let added = false;
  for (const { id, mark, html } of items) {
    const old = pane.items.get(id);
    if (old?.mark === mark) continue;
    const node = fragment(html);
    if (!moved) node.classList.add("fresh");
    node.dataset.id = id;
    if (old) {
      const focused = old.node.contains(document.activeElement);
      old.node.replaceWith(node);
      if (focused) ($("button, select", node) ?? log).focus();
    } else {
      log.append(node);
      added = true;
    }
    pane.items.set(id, { mark, node });
  }
  if (moved || (added && atEnd)) toEnd(log);
  if (moved) requestAnimationFrame(() => log.setAttribute("aria-live", "polite"));
}

// The last message is in sight, at least in part.
function isAtEnd(log) {
  const last = log.lastElementChild;
  return !last || last.offsetTop < log.scrollTop + log.clientHeight;
}

// A message taller than the log is shown from its beginning.
function toEnd(log) {
  const last = log.lastElementChild;
  log.scrollTop = last && last.offsetHeight > log.clientHeight ? last.offsetTop : log.scrollHeight;
}

function fragment(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return holder.content.firstElementChild;
}

function waiting(said) {
  for (const option of all(".act-as option")) {
    const count = said.people[option.value] ?? 0;
    option.textContent = count && !option.selected ? `${option.dataset.name} · ${count} new` : option.dataset.name;
  }
  if (JSON.stringify(waits) !== JSON.stringify(said.people)) {
    waits = said.people;
    tabs();
  }
}

function clock(said) {
  $("#utc").textContent = said.utc;
}

function drawer(said) {
  $("#drawer-body").innerHTML = said.html;
}

function done() {
  for (const pane of panes.values()) pane.root.removeAttribute("aria-busy");
  for (const button of all("[data-move]")) button.disabled = false;
}

// ---- forms ----

function form(said) {
  const dialog = $("#dialog");
  if (!said.html) {
    dialog.close();
    return;
  }
  $("#dialog-body").innerHTML = said.html;
  if (!dialog.open) {
    opener = document.activeElement;
    dialog.showModal();
  }
  dialog.scrollTop = 0;
  const first = $("[aria-invalid=true], .field:has(.error) input", dialog) ?? $("input, select, textarea", dialog);
  first?.focus();
}

$("#dialog").addEventListener("submit", (event) => {
  event.preventDefault();
  const values = {};
  const data = new FormData(event.target);
  const many = new Set(all("[data-many]", event.target).map((box) => box.name));
  for (const name of new Set([...data.keys(), ...many])) {
    values[name] = many.has(name) ? data.getAll(name) : data.get(name);
  }
  send({ do: "submit", values });
});

$("#dialog").addEventListener("close", () => {
  $("#dialog-body").replaceChildren();
  const pane = opener?.closest?.(".pane");
  (opener?.isConnected ? opener : $("input[role=combobox]", pane ?? document))?.focus();
});

$("#dialog").addEventListener("cancel", () => send({ do: "dismiss" }));

// ---- the composer ----

function hints(said) {
  const pane = panes.get(said.pane);
  if (!pane) return;
  const input = $("input[role=combobox]", pane.root);
  if (input.value !== said.text || document.activeElement !== input) return;
  const usage = $(".usage", pane.root);
  usage.hidden = !said.usage;
  $("code", usage).textContent = said.usage;
  $("span", usage).textContent = said.about;
  const list = $("[role=listbox]", pane.root);
  list.replaceChildren(
    ...said.options.map((hint, at) => {
      const item = document.createElement("li");
      item.id = `${list.id}-${at}`;
      item.setAttribute("role", "option");
      item.dataset.insert = hint.insert;
      const label = document.createElement("strong");
      label.textContent = hint.label;
      const detail = document.createElement("span");
      detail.textContent = hint.detail;
      item.append(label, detail);
      return item;
    }),
  );
  list.hidden = !said.options.length;
  $(".hints", pane.root).hidden = !said.usage && !said.options.length;
  input.setAttribute("aria-expanded", String(said.options.length > 0));
  choose(pane, -1);
}

function closeHints(pane) {
  $(".hints", pane.root).hidden = true;
  $("[role=listbox]", pane.root).replaceChildren();
  $("input[role=combobox]", pane.root).setAttribute("aria-expanded", "false");
  choose(pane, -1);
}

function choose(pane, at) {
  const options = all("[role=option]", pane.root);
  pane.active = options.length ? ((at + 1 + options.length + 1) % (options.length + 1)) - 1 : -1;
  const input = $("input[role=combobox]", pane.root);
  options.forEach((option, index) => option.setAttribute("aria-selected", String(index === pane.active)));
  if (pane.active < 0) input.removeAttribute("aria-activedescendant");
  else {
    input.setAttribute("aria-activedescendant", options[pane.active].id);
    options[pane.active].scrollIntoView({ block: "nearest" });
  }
}

function accept(id, option) {
  const input = $("input[role=combobox]", panes.get(id).root);
  input.value = option.dataset.insert;
  input.focus();
  send({ do: "complete", pane: id, text: input.value });
}

function keys(event, id) {
  const pane = panes.get(id);
  const options = all("[role=option]", pane.root);
  if (event.key === "Escape") closeHints(pane);
  else if (!options.length) return;
  else if (event.key === "ArrowDown") choose(pane, pane.active + 1);
  else if (event.key === "ArrowUp") choose(pane, pane.active - 1);
  else if (event.key === "Tab" && !event.shiftKey) accept(id, options[Math.max(0, pane.active)]);
  else if (event.key === "Enter" && pane.active >= 0) accept(id, options[pane.active]);
  else return;
  event.preventDefault();
}

// ---- what a person does ----

const paneOf = (element) => {
  const root = element.closest?.(".pane");
  return root ? Number(root.dataset.pane) : null;
};

$("#panes").addEventListener("submit", (event) => {
  event.preventDefault();
  const id = paneOf(event.target);
  const pane = panes.get(id);
  const input = $("input[role=combobox]", pane.root);
  if (!input.value.trim()) return;
  problem("");
  pane.root.setAttribute("aria-busy", "true");
  send({ do: "type", pane: id, text: input.value });
  input.value = "";
  closeHints(pane);
  const log = $(".log", pane.root);
  toEnd(log);
});

$("#panes").addEventListener("input", (event) => {
  if (event.target.role === "combobox" || event.target.getAttribute("role") === "combobox") {
    const id = paneOf(event.target);
    if (/^\/|@[\w.-]*$/.test(event.target.value)) send({ do: "complete", pane: id, text: event.target.value });
    else closeHints(panes.get(id));
  }
});

$("#panes").addEventListener("keydown", (event) => {
  if (event.target.getAttribute("role") === "combobox") keys(event, paneOf(event.target));
});

$("#panes").addEventListener("focusout", (event) => {
  const id = paneOf(event.target);
  if (event.target.getAttribute("role") === "combobox" && panes.has(id)) closeHints(panes.get(id));
});

$("#panes").addEventListener("mousedown", (event) => {
  const option = event.target.closest("[role=option]");
  if (!option) return;
  event.preventDefault();
  accept(paneOf(option), option);
});

$("#panes").addEventListener("change", (event) => {
  if (event.target.matches(".act-as")) openPlace(paneOf(event.target), event.target.value);
});

$("#panes").addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const id = paneOf(button);
  const message = button.closest("[data-id]")?.dataset.id;
  if (button.dataset.spot) openPlace(id, panes.get(id).user, button.dataset.spot);
  else if (button.matches(".remove")) removePane(id);
  else if ("why" in button.dataset) send({ do: "why", pane: id, message });
  else if (button.dataset.press) press(id, message, button.dataset.press);
  else if (button.dataset.choose) {
    const choice = $("select", button.parentElement).value;
    if (choice) press(id, message, button.dataset.choose, choice);
    else $("select", button.parentElement).focus();
  }
});

function press(id, message, action, choice = null) {
  problem("");
  panes.get(id).root.setAttribute("aria-busy", "true");
  send({ do: "press", pane: id, message, action, choice });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.move) move(button);
  else if (button.dataset.line) write(button);
  else if (button.dataset.tab) {
    shown = Number(button.dataset.tab);
    arrange();
  } else if ("dismiss" in button.dataset) {
    send({ do: "dismiss" });
    $("#dialog").close();
  }
});

function move(button) {
  for (const other of all("[data-move]")) other.disabled = true;
  problem("");
  send({ do: "advance", by: button.dataset.move });
  button.closest(".guide li")?.classList.add("tried");
}

function write(button) {
  const { line, user } = button.dataset;
  let id = user ? [...panes].find(([, pane]) => pane.user === user)?.[0] : shown;
  if (id === undefined || !panes.has(id)) {
    id = panes.keys().next().value;
    openPlace(id, user || panes.get(id).user);
  }
  if (panes.get(id).spot === "home") openPlace(id, panes.get(id).user);
  shown = id;
  arrange();
  const input = $("input[role=combobox]", panes.get(id).root);
  $(".composer", panes.get(id).root).hidden = false;
  input.value = line;
  input.focus();
  send({ do: "complete", pane: id, text: line });
  button.closest("li").classList.add("tried");
}

$("#add").addEventListener("click", () => {
  const taken = [...panes.values()].map((pane) => pane.user);
  shown = addPane(people.find((user) => !taken.includes(user)) ?? people[0]);
  arrange();
  $(".act-as", panes.get(shown).root).focus();
});

function toggleDrawer(open) {
  $("#drawer").hidden = !open;
  $("#inspect").setAttribute("aria-expanded", String(open));
  send({ do: "drawer", open });
  (open ? $("#drawer-off") : $("#inspect")).focus();
}

$("#inspect").addEventListener("click", () => toggleDrawer($("#drawer").hidden));
$("#drawer-off").addEventListener("click", () => toggleDrawer(false));
$("#drawer").addEventListener("keydown", (event) => {
  if (event.key === "Escape") toggleDrawer(false);
});

const guide = $("#guide");
if (guide) {
  guide.hidden = localStorage.getItem("kith-guide") === "off";
  $("#guide-off").addEventListener("click", () => {
    localStorage.setItem("kith-guide", "off");
    guide.hidden = true;
    $("#panes").focus();
  });
}

// ---- begin ----

const before = JSON.parse(sessionStorage.getItem(remembered) ?? "[]").filter(([user]) => people.includes(user));
const wanted = before.length ? before : people.slice(0, innerWidth >= 1700 ? 3 : 2).map((user) => [user, ""]);
for (const [user, spot] of wanted) addPane(user, spot);
shown = panes.keys().next().value ?? 0;
arrange();
connect();
