// What can be seen of a page: what axe-core reports, what does not fit, what
// the browser complains about, and whether the keyboard gets everywhere.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const sizes = [[390, "light"], [390, "dark"], [1280, "light"], [1280, "dark"]];

// look opens each page at each size in each colour scheme.
export async function look(context, addresses) {
	const found = [];
	const page = await context.newPage();
	let noted = [];
	page.on("console", (m) => ["error", "warn"].includes(m.type()) && noted.push(m.text()));
	page.on("pageerror", (e) => noted.push(String(e)));
	page.on("request", (r) => /^https?:/.test(r.url()) && new URL(r.url()).host !== new URL(addresses[0]).host && noted.push(`asks another host: ${r.url()}`));
	for (const address of addresses) {
		for (const [width, scheme] of sizes) {
			noted = [];
			await page.setViewport({ width, height: 900 });
			await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
			await page.goto(address, { waitUntil: "load" });
			const say = (what) => found.push(`${address} ${width} ${scheme}: ${what}`);
			noted.filter((n) => !/status of (4|5)\d\d/.test(n)).forEach(say);
			for (const narrow of width === 390 ? [390, 320] : [1280]) {
				await page.setViewport({ width: narrow, height: 900 });
				const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
				if (over > 0) say(`is ${over} px wider than ${narrow}`);
			}
			await page.setViewport({ width, height: 900 });
			// What sticks to an edge covers what can be scrolled out from under it: that is no small target.
			await page.evaluate(() => document.querySelectorAll("main *").forEach((e) => {
				if (getComputedStyle(e).position === "sticky") e.style.position = "static";
			}));
			await page.evaluate(axe); // over the protocol: no policy of the page holds here
			const { violations } = await page.evaluate(() => globalThis.axe.run({ resultTypes: ["violations"], rules: { "target-size": { enabled: true } } }));
			for (const v of violations) say(`axe ${v.id}: ${v.help}: ${v.nodes.length}, the first ${v.nodes[0].html.slice(0, 160)}`);
		}
	}
	await page.close();
	return found;
}

// keyboard goes through each page with the Tab key: whatever has the focus is
// seen, marked, and inside the window, and the skip link comes first.
export async function keyboard(browser, addresses) {
	const found = [];
	const page = await browser.newPage();
	for (const address of addresses) {
		await page.setViewport({ width: 1280, height: 900 });
		await page.emulateMediaFeatures([{ name: "prefers-reduced-motion", value: "reduce" }]); // scrolled at once
		await page.goto(address);
		const stops = await page.$$eval("a[href], button, input:not([type=hidden]), select, textarea, summary", (all) =>
			all.filter((e) => e.checkVisibility({ visibilityProperty: true }) && !e.disabled).length);
		let first = true;
		for (let i = 0; i < Math.min(stops + 2, 250); i++) {
			await page.keyboard.press("Tab");
			const at = await page.evaluate(() => {
				const e = document.activeElement;
				if (e === document.body) return null;
				const box = e.getBoundingClientRect(), style = getComputedStyle(e);
				const marked = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 || style.boxShadow !== "none" ||
					e.labels?.[0] && getComputedStyle(e.labels[0]).outlineStyle !== "none" || e.closest(":focus-within") !== e && [...e.parentElement.children, e.parentElement].some((p) => getComputedStyle(p).outlineStyle !== "none");
				return {
					html: e.outerHTML.slice(0, 120), skip: e.matches(".skip"), marked,
					inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
				};
			});
			if (!at) continue;
			if (first && !at.skip) found.push(`${address}: the skip link is not first but ${at.html}`);
			first = false;
			if (!at.marked) found.push(`${address}: the focus is not seen on ${at.html}`);
			if (!at.inside) found.push(`${address}: the focus is outside the window on ${at.html}`);
		}
	}
	await page.close();
	return found;
}

// withoutScript reads an article with scripts off: text, comments, every link.
export async function withoutScript(browser, address) {
	const page = await browser.newPage();
	await page.setJavaScriptEnabled(false);
	await page.goto(address);
	const html = await page.content();
	await page.close();
	const comments = html.split("u-comment").length - 1;
	return [
		[/e-content/, "has no text"], [/u-comment/, "has no comments"], [/<form/, "has no form"],
	].filter(([part]) => !part.test(html)).map(([, what]) => `${address} without script ${what}`)
		.concat(comments < 9 ? [`${address} without script has ${comments} comments`] : []);
}
