"use strict";
// Everything that people have written is shown by textContent: it is never HTML.

const $ = (id) => document.getElementById(id);
const me = sessionStorage.me || (sessionStorage.me = crypto.randomUUID()); // a member for each tab
const members = new Map();
let nodes = [location.origin];
let base = location.origin;
let after = ""; // the last line that we have
let failures = 0;
let name, room;

function enter() {
  name = sessionStorage.name;
  room = location.hash.slice(1);
  if (!name || !/^[A-Za-z0-9_-]{1,40}$/.test(room)) {
    return;
  }
  $("enter").hidden = true;
  $("chat").hidden = false;
  $("title").textContent = "#" + room;
  $("text").focus();
  connect();
}

function address(what, more) {
  return `${base}/rooms/${room}/${what}?` + new URLSearchParams({ me, name, ...more });
}

function connect() {
  const events = new EventSource(address("events", after ? { after } : {}));
  const on = (type, take) => events.addEventListener(type, (event) => take(JSON.parse(event.data), event));
  on("nodes", (urls) => { nodes = urls; state("connected to " + base, "up"); failures = 0; });
  on("members", (all) => { members.clear(); all.forEach(add); showMembers(); });
  on("joined", (who) => { add(who); showMembers(); });
  on("left", (who) => { members.delete(who.id); showMembers(); });
  on("line", (line, event) => { after = event.lastEventId; showLine(line); });
  on("gap", (gap) => showNote("some messages may be missing here: " + gap.reason));
  events.onerror = () => {
    events.close();
    const others = nodes.filter((url) => url !== base);
    base = others[failures % Math.max(1, others.length)] || base;
    failures++;
    state("connecting to " + base, "down");
    setTimeout(connect, Math.min(100 * 2 ** failures, 5000));
  };
}

async function say(text) {
  try {
    const answer = await fetch(address("lines"), { method: "POST", body: text });
    return answer.ok;
  } catch (unreachable) {
    return false;
  }
}

function add(who) {
  members.set(who.id, who.name);
}

function state(text, kind) {
  $("state").textContent = text;
  $("state").className = kind;
}

function element(tag, kind, text) {
  const made = document.createElement(tag);
  made.className = kind;
  made.textContent = text;
  return made;
}

function showMembers() {
  const all = [...members].sort((a, b) => a[1].localeCompare(b[1]));
  $("members").replaceChildren(...all.map(([id, name]) => element("li", id === me ? "me" : "", name)));
}

function showLine(line) {
  const item = element("li", line.from === me ? "me" : "", "");
  const time = new Date(line.at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  item.append(element("span", "name", line.name), element("time", "", time), element("p", "", line.text));
  append(item);
}

function showNote(text) {
  append(element("li", "note", text));
}

function append(item) {
  const lines = $("lines");
  const atEnd = lines.scrollHeight - lines.scrollTop - lines.clientHeight < 50;
  lines.append(item);
  if (atEnd) {
    lines.scrollTop = lines.scrollHeight;
  }
}

$("enter").addEventListener("submit", (event) => {
  event.preventDefault();
  sessionStorage.name = $("name").value.trim();
  location.hash = $("room").value;
  enter();
});

$("say").addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = $("text").value.trim();
  if (!text) {
    return;
  }
  $("text").value = "";
  if (!(await say(text))) {
    $("text").value = text;
    showNote("not sent: the node did not take it; try again");
  }
});

enter();
