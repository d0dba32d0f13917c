// The call page: sound, picture and transcript follow each other. Without a script the page is whole, but silent.
(() => {
  "use strict";
  const byId = (id) => document.getElementById(id);
  const all = (selector, within = document) => Array.from(within.querySelectorAll(selector));
  const number = (element, name) => (name in element.dataset ? Number(element.dataset[name]) : null);

  all(".scripted").forEach((element) => { element.hidden = false; });
  const sound = byId("sound");
  const track = byId("track");
  const list = byId("turns");
  const turns = list ? all("li[data-start]", list) : [];
  const starts = turns.map((turn) => number(turn, "start"));
  const duration = track ? number(track, "duration") : 0;
  let place = 0;
  let awaited = null;
  let only = "";

  // Times ------------------------------------------------------------------------------------------------
  const clock = (seconds) => {
    const whole = Math.floor(seconds);
    const parts = [Math.floor(whole / 60) % 60, whole % 60].map((part) => String(part).padStart(2, "0"));
    const hours = Math.floor(whole / 3600);
    return hours ? `${hours}:${parts.join(":")}` : `${Number(parts[0])}:${parts[1]}`;
  };
  const lastBefore = (values, limit) => {
    let low = 0;
    let high = values.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (values[middle] <= limit) { low = middle + 1; } else { high = middle; }
    }
    return low - 1;
  };

  // What is heard now ------------------------------------------------------------------------------------
  let nowTurn = null;
  let nowWord = null;
  const mark = (element, before) => {
    if (element === before) { return before; }
    if (before) { before.classList.remove("now"); before.removeAttribute("aria-current"); }
    if (element) { element.classList.add("now"); }
    return element;
  };
  const intoView = (element) => {
    const top = element.offsetTop - list.clientHeight / 3;
    if (element.offsetTop < list.scrollTop || element.offsetTop + element.offsetHeight > list.scrollTop + list.clientHeight) {
      list.scrollTop = Math.max(0, top);
    }
  };
  const show = (seconds, moved) => {
    place = seconds;
    if (track && duration) {
      byId("playhead").style.left = `${(100 * Math.min(seconds, duration)) / duration}%`;
      if (moved) { keepPlayheadInSight(); }
    }
    const time = byId("time");
    if (time) { time.textContent = `${clock(seconds)} / ${clock(duration)}`; }
    const seek = byId("seek");
    if (seek && document.activeElement !== seek) { seek.value = String(seconds); }
    const turn = turns[lastBefore(starts, seconds + 0.05)] || null;
    const changed = turn !== nowTurn;
    nowTurn = mark(turn, nowTurn);
    if (turn) {
      turn.setAttribute("aria-current", "true");
      const words = all(".said", turn);
      nowWord = mark(words[lastBefore(words.map((word) => number(word, "t")), seconds + 0.05)] || null, nowWord);
      if ((changed || moved) && byId("follow").checked) { intoView(turn); }
    }
  };
  const keepPlayheadInSight = () => {
    const scroller = byId("scroller");
    const x = (track.clientWidth * place) / duration;
    if (x < scroller.scrollLeft || x > scroller.scrollLeft + scroller.clientWidth) {
      scroller.scrollLeft = x - scroller.clientWidth / 3;
    }
  };
  const go = (seconds, play) => {
    const target = Math.max(0, duration ? Math.min(seconds, duration) : seconds);
    if (sound && awaited) {
      awaited = { at: target, play: play || awaited.play };
    } else if (sound) {
      sound.currentTime = target;
      if (play) { start(); }
    }
    show(target, true);
  };

  // Sound ------------------------------------------------------------------------------------------------
  const start = () => { const playing = sound.play(); if (playing) { playing.catch(() => {}); } };
  const toggle = () => { if (sound) { if (sound.paused) { start(); } else { sound.pause(); } } };
  // The first track stands in the page once: it may hold the sound itself.
  const first = sound && sound.getAttribute("src");
  const hear = (choice) => {
    only = choice.dataset.only || "";
    const source = choice.dataset.src || first;
    if (source && sound.getAttribute("src") !== source) {
      // Where to go on when it is there; a click meanwhile means another place.
      awaited = awaited || { at: place, play: !sound.paused };
      sound.src = source;
      sound.playbackRate = Number(byId("speed").value);
    }
  };
  // With both parties on one channel, one of them alone is heard by leaping over the other's turns.
  const leap = (seconds) => {
    const inside = turns.some((turn) => turn.dataset.role === only && number(turn, "start") <= seconds + 0.1 && seconds < (number(turn, "end") ?? Infinity));
    if (inside) { return; }
    const next = turns.find((turn) => turn.dataset.role === only && number(turn, "start") > seconds);
    if (next) { sound.currentTime = number(next, "start"); } else { sound.pause(); }
  };
  if (sound) {
    sound.controls = false;
    const button = byId("play");
    const label = () => { button.textContent = sound.paused ? button.dataset.play : button.dataset.pause; };
    button.addEventListener("click", toggle);
    ["play", "pause", "ended"].forEach((event) => sound.addEventListener(event, label));
    sound.addEventListener("loadedmetadata", () => {
      byId("trouble").textContent = "";
      if (!awaited) { return; }
      const { at, play } = awaited;
      awaited = null;
      go(at, play);
    });
    sound.addEventListener("timeupdate", () => {
      if (awaited) { return; }
      if (only && !sound.paused) { leap(sound.currentTime); }
      show(sound.currentTime, false);
    });
    sound.addEventListener("error", () => { const trouble = byId("trouble"); trouble.textContent = trouble.dataset.text; });
    byId("seek").addEventListener("input", (event) => go(Number(event.target.value), false));
    byId("speed").addEventListener("change", (event) => { sound.playbackRate = Number(event.target.value); });
    all("input[name=heard]").forEach((choice) => choice.addEventListener("change", () => hear(choice)));
  }

  // Clicks -----------------------------------------------------------------------------------------------
  document.addEventListener("click", (event) => {
    const element = event.target.closest("[data-t]");
    if (element && !window.getSelection().toString()) {
      go(number(element, "t"), true);
      const finding = element.dataset.target && byId(element.dataset.target);
      if (finding) { window.location.hash = finding.id; }
      event.stopPropagation();
    } else if (track && track.contains(event.target)) {
      const box = track.getBoundingClientRect();
      go((duration * (event.clientX - box.left)) / box.width, false);
    }
  });

  // Zoom -------------------------------------------------------------------------------------------------
  let zoom = 1;
  const zoomTo = (wanted) => {
    zoom = Math.min(64, Math.max(1, wanted));
    track.style.setProperty("--zoom", String(zoom));
    const scroller = byId("scroller");
    scroller.scrollLeft = (track.clientWidth * place) / duration - scroller.clientWidth / 2;
  };
  if (track) {
    byId("in").addEventListener("click", () => zoomTo(zoom * 2));
    byId("out").addEventListener("click", () => zoomTo(zoom / 2));
    byId("whole").addEventListener("click", () => zoomTo(1));
  }

  // Finding words ----------------------------------------------------------------------------------------
  const find = byId("find");
  // Case, accents, vowel points and quotation marks are not looked at.
  const plain = (text) => text.normalize("NFKD").replace(/[\p{M}\p{Pi}\p{Pf}'"]/gu, "").toLowerCase();
  let hits = [];
  let hit = -1;
  const toHit = (step) => {
    if (!hits.length) { return; }
    if (hit >= 0) { hits[hit].classList.remove("here"); }
    hit = (hit + step + hits.length) % hits.length;
    hits[hit].classList.add("here");
    intoView(hits[hit]);
    const form = byId("found");
    form.textContent = form.dataset.form.replace("##", String(hits.length)).replace("#", String(hit + 1));
  };
  const search = () => {
    hits.forEach((turn) => turn.classList.remove("hit", "here"));
    const wanted = plain(find.value.trim());
    hits = wanted ? all("li", list).filter((turn) => plain(turn.querySelector("p").textContent).includes(wanted)) : [];
    hits.forEach((turn) => turn.classList.add("hit"));
    hit = -1;
    byId("found").textContent = wanted && !hits.length ? byId("found").dataset.none : "";
    toHit(1);
  };
  if (find) {
    find.addEventListener("input", search);
    find.addEventListener("keydown", (event) => {
      if (event.key === "Enter") { toHit(event.shiftKey ? -1 : 1); }
      if (event.key === "Escape") { find.value = ""; search(); find.blur(); }
    });
  }

  // Keys -------------------------------------------------------------------------------------------------
  const nextOf = (times, step) => {
    const sorted = Array.from(new Set(times)).sort((a, b) => a - b);
    return step > 0 ? sorted.find((time) => time > place + 0.3) : sorted.reverse().find((time) => time < place - 0.3);
  };
  const leapTo = (times, step) => { const time = nextOf(times, step); if (time !== undefined) { go(time, true); } };
  const marks = all(".mark[data-t]").map((element) => number(element, "t"));
  const choose = (index) => { const choice = all("input[name=heard]")[index]; if (choice) { choice.checked = true; hear(choice); } };
  const keys = {
    " ": toggle,
    ArrowLeft: () => go(place - 5, false),
    ArrowRight: () => go(place + 5, false),
    j: () => leapTo(starts, 1), k: () => leapTo(starts, -1),
    n: () => leapTo(marks, 1), p: () => leapTo(marks, -1),
    1: () => choose(0), 2: () => choose(1), 3: () => choose(2),
    "+": () => track && zoomTo(zoom * 2), "=": () => track && zoomTo(zoom * 2),
    "-": () => track && zoomTo(zoom / 2), 0: () => track && zoomTo(1),
    f: () => { const follow = byId("follow"); if (follow) { follow.checked = !follow.checked; } },
    "/": () => find && find.focus(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) { return; }
    const typing = event.target.closest("input:not([type=radio]):not([type=checkbox]), select, textarea");
    const pressing = event.key === " " && event.target.closest("button, summary, a, input");
    const choosing = event.key.startsWith("Arrow") && event.target.closest("input");
    if (typing || pressing || choosing || !Object.hasOwn(keys, event.key)) { return; }
    event.preventDefault();
    keys[event.key]();
  });

  // On paper nothing is folded away.
  const folded = all("details:not(.keys-box)");
  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = folded.filter((element) => !element.open);
    opened.forEach((element) => { element.open = true; });
  });
  window.addEventListener("afterprint", () => { opened.forEach((element) => { element.open = false; }); });

  const linked = /^#t=([0-9.]+)$/.exec(window.location.hash);
  if (linked) { go(Number(linked[1]), false); } else { show(0, false); }
})();
