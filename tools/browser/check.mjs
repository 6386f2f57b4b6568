// Looks at the pages of a running Kabar as people do: in Chromium, with axe-core
// and Lighthouse, and with a parser that reports errors of HTML.
//
//   node check.mjs ORIGIN ARTICLE NAME PASSWORD [FOLDER FOR SCREENSHOTS]
//
// ARTICLE is the path of an article with comments; NAME and PASSWORD are the
// owner's. It ends with status 1 if anything is wrong, each on a line.

import puppeteer from "puppeteer-core";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findPages, signIn } from "./pages.mjs";
import { keyboard, look, withoutScript } from "./look.mjs";
import { validate } from "./validate.mjs";
import { act, count as acts } from "./act.mjs";
import { rate } from "./rate.mjs";
import { weigh } from "./weigh.mjs";
import { shoot } from "./shoot.mjs";

const [origin, article, name, password, shots] = process.argv.slice(2);
const profile = await mkdtemp(join(tmpdir(), "kabar-chromium-"));
const browser = await puppeteer.launch({
	executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
	userDataDir: profile,
	args: [
		"--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--lang=id-ID",
	],
});

let looks = 0;
const wrong = [];
const step = async (what, does) => {
	const begun = Date.now();
	const found = await does();
	wrong.push(...found);
	console.log(`${what}: ${found.length === 0 ? "good" : `${found.length} wrong`} (${Math.round((Date.now() - begun) / 1000)} s)`);
	for (const line of found) console.log(`  ${line}`);
};

try {
	const { readers, studio } = await findPages(browser, origin, article, name, password);
	await step(`HTML of ${readers.length} pages`, () => validate(readers));
	await step("weight of the article", () => weigh(browser, origin + article));
	await step("reading without script", () => withoutScript(browser, origin + article));
	await step("keyboard", () => keyboard(browser, [origin + "/", origin + article, origin + "/search?q=pemimpin"]));
	await step(`${acts} acts with scripts`, () => {
		looks += acts;
		return act(browser, origin, article, name, password);
	});
	await step(`${readers.length} pages of readers`, async () => {
		const found = await look(browser, readers);
		looks += readers.length;
		return found;
	});
	await step(`${studio.length} pages of the Studio`, async () => {
		const context = await browser.createBrowserContext();
		await signIn(context, origin, name, password);
		const found = await look(context, studio);
		looks += studio.length;
		return found;
	});
	await step("Lighthouse", () => rate(browser, [origin + "/", origin + article, origin + "/search"]));
	if (shots) await step("screenshots", () => shoot(browser, readers, shots));
} finally {
	await browser.close();
	await rm(profile, { recursive: true, force: true });
}
console.log(`${looks} passed, ${wrong.length} failed`);
process.exitCode = wrong.length === 0 ? 0 : 1;
