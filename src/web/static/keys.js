// Keys for those who review a lot. Every page works without this file.
//
// j k     the next row, the one before       o Enter  open it
// x       select it                          /        search
// u       undo what was just done            ?        this list
// and the keys that the row's buttons name (data-key). One-letter keys can be
// turned off in the list (WCAG 2.1.4); they never act while somebody types.
(function () {
	"use strict";

	var STORE = "pitchward-keys";
	var rows = Array.prototype.slice.call(document.querySelectorAll("[data-row]"));
	var at = -1;

	function enabled() {
		try {
			return localStorage.getItem(STORE) !== "off";
		} catch (e) {
			return true;
		}
	}

	function enable(on) {
		try {
			localStorage.setItem(STORE, on ? "on" : "off");
		} catch (e) { /* private mode: for this page only */ }
	}

	function go(to) {
		if (!rows.length) return;
		if (at >= 0) rows[at].classList.remove("here");
		at = Math.max(0, Math.min(rows.length - 1, to));
		rows[at].classList.add("here");
		var link = rows[at].querySelector("a");
		if (link) link.focus({ preventScroll: true });
		rows[at].scrollIntoView({ block: "nearest" });
	}

	function typing(target) {
		return target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName) ||
			(target.tagName === "INPUT" && !/^(checkbox|radio|button|submit)$/.test(target.type));
	}

	function press(selector, inside) {
		var found = inside && inside.querySelector(selector);
		if (!found) return false;
		found.click();
		return true;
	}

	function line(list, key, text) {
		var item = document.createElement("li");
		var mark = document.createElement("kbd");
		mark.textContent = key;
		item.append(mark, " " + text);
		list.append(item);
	}

	function help() {
		var box = document.createElement("dialog");
		var title = document.createElement("h2");
		var list = document.createElement("ul");
		var label = document.createElement("label");
		var check = document.createElement("input");
		var close = document.createElement("button");
		var seen = {};

		title.textContent = "Keys";
		line(list, "j", "the next row");
		line(list, "k", "the row before");
		line(list, "o", "open it");
		line(list, "x", "select it");
		document.querySelectorAll("[data-key]").forEach(function (button) {
			var key = button.dataset.key;
			if (seen[key]) return;
			seen[key] = true;
			line(list, key, button.textContent);
		});
		line(list, "u", "undo what was just done");
		line(list, "/", "search");
		check.type = "checkbox";
		check.checked = enabled();
		check.addEventListener("change", function () { enable(check.checked); });
		label.append(check, " Use these keys");
		close.textContent = "Close";
		close.addEventListener("click", function () { box.close(); });
		box.addEventListener("close", function () { box.remove(); });
		box.append(title, list, label, document.createElement("br"), close);
		document.body.append(box);
		box.showModal();
	}

	document.addEventListener("focusin", function (event) {
		var row = event.target.closest("[data-row]");
		var n = row ? rows.indexOf(row) : -1;
		if (n < 0 || n === at) return;
		if (at >= 0) rows[at].classList.remove("here");
		at = n;
		row.classList.add("here");
	});

	document.addEventListener("keydown", function (event) {
		var key = event.key;
		var used = true;

		if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) ||
			document.querySelector("dialog[open]")) return;
		if (key === "?") {
			help();
		} else if (!enabled()) {
			return;
		} else if (key === "j") {
			go(at + 1);
		} else if (key === "k") {
			go(at - 1);
		} else if (key === "/") {
			var field = document.querySelector("input[type=search]");
			if (field) field.focus();
		} else if (key === "u") {
			used = press("[data-undo]", document);
		} else if (key === "o" && at >= 0) {
			used = press("a", rows[at]);
		} else if (key === "x" && at >= 0) {
			used = press("input[type=checkbox]", rows[at]);
		} else if (/^[a-z]$/.test(key)) {
			used = press('[data-key="' + key + '"]', at >= 0 ? rows[at] : document.querySelector("article"));
		} else {
			used = false;
		}
		if (used) event.preventDefault();
	});
})();
