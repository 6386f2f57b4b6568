// What the scripts add, played as people would: each act says what is wrong, or
// nothing.

import { signIn } from "./pages.mjs";

const acts = {
	async "the handle is copied, and said so"({ page, origin }) {
		await page.goto(`${origin}/`);
		await page.click(".handle [data-copy]");
		await page.waitForFunction(() => {
			const button = document.querySelector(".handle [data-copy]");
			return button.querySelector(".label").textContent === button.dataset.copied;
		});
		const [copied, shown] = await page.evaluate(async () => [await navigator.clipboard.readText(), document.querySelector(".handle code").textContent]);
		return copied === shown ? "" : `${copied} is copied, not ${shown}`;
	},

	async "following opens a dialog, Escape closes it, and the focus goes back"({ page, origin }) {
		await page.goto(`${origin}/`);
		await page.focus("[data-dialog=follow]");
		await page.keyboard.press("Enter");
		await page.waitForSelector("dialog#follow:modal");
		await page.keyboard.press("Escape");
		await page.waitForFunction(() => !document.querySelector("dialog#follow").open);
		return await page.evaluate(() => document.activeElement.dataset.dialog === "follow") ? "" : "the focus is lost";
	},

	async "liking opens the dialog that speaks of liking"({ page, origin, article }) {
		await page.goto(origin + article);
		await page.click("[data-do=like]");
		await page.waitForSelector("dialog#reply:modal");
		const [title, wanted, what] = await page.$eval("dialog#reply", (d) => [d.querySelector("h2").textContent, d.querySelector("h2").dataset.like, d.querySelector("input[name=do]").value]);
		return title === wanted && what === "like" ? "" : `it says ${title} and does ${what}`;
	},

	async "the reader's own address is remembered by this browser alone"({ page, origin }) {
		await page.goto(`${origin}/follow`);
		await page.type("main input[name=account]", "mika@tidak-ada.example");
		await Promise.all([page.waitForNavigation(), page.click("main form button")]);
		await page.goto(`${origin}/follow`);
		const [value, cookies] = [await page.$eval("main input[name=account]", (i) => i.value), await page.browserContext().cookies()];
		if (cookies.length > 0) return `cookies: ${cookies.map((c) => c.name)}`;
		return value.includes("tidak-ada.example") ? "" : `it is ${value}`;
	},

	async "branches fold and unfold"({ page, origin, article }) {
		await page.goto(origin + article);
		const inside = ".replies > ol .comment";
		await page.click(".replies > summary");
		if (await page.$eval(inside, (c) => c.checkVisibility())) return "it stays open";
		await page.click(".replies > summary");
		return await page.$eval(inside, (c) => c.checkVisibility()) ? "" : "it stays folded";
	},

	async "an answer comes onto the open page, and one that would move it waits"({ page, studio, origin, article }) {
		await page.goto(origin + article);
		const before = (await page.$$(".comment")).length;
		const stream = page.waitForRequest((r) => r.url().includes("/-/live/"));
		await page.$eval("[data-live]", (r) => r.scrollIntoView());
		await stream;
		const id = await page.$eval(".comment", (c) => c.id.slice(2));
		await answer(studio, `${origin}/studio/comments/${id}`, "Terima kasih sudah membaca sampai sini.");
		await page.waitForFunction((n) => document.querySelectorAll(".comment").length > n || !document.querySelector(".news button").hidden, { timeout: 15_000 }, before);
		if (await page.$eval(".news button", (b) => !b.hidden)) {
			await page.click(".news button");
			await page.waitForFunction((n) => document.querySelectorAll(".comment").length > n, {}, before);
		}
		return (await page.content()).includes("membaca sampai sini") ? "" : "it is another one";
	},

	async "the toolbar writes Markdown, and undo takes it back"({ studio, origin }) {
		await studio.goto(`${origin}/studio/articles/new`);
		await studio.type("#source", "satu");
		await studio.$eval("#source", (s) => s.setSelectionRange(0, 4));
		await studio.click("[data-wrap='**']");
		const bold = await studio.$eval("#source", (s) => s.value);
		await studio.focus("#source");
		await studio.keyboard.down("Control");
		await studio.keyboard.press("z");
		await studio.keyboard.up("Control");
		const undone = await studio.$eval("#source", (s) => s.value);
		return bold === "**satu**" && undone === "satu" ? "" : `${bold}, then ${undone}`;
	},

	async "leaving with unsaved text asks"({ studio, origin }) {
		await studio.goto(`${origin}/studio/articles/new`);
		await studio.type("#title", "Belum disimpan");
		let asked = false;
		studio.once("dialog", (d) => {
			asked = d.type() === "beforeunload";
			return d.accept();
		});
		await studio.goto(`${origin}/studio`);
		return asked ? "" : "it does not";
	},
};

// answer writes an answer of the author's to the comment of that page.
async function answer(studio, place, text) {
	await studio.goto(place);
	if (!await studio.$("form[data-reply]")) await studio.goto(await studio.$eval("a[data-form][href*=reply]", (a) => a.href));
	await studio.type("form[data-reply] textarea[name=text]", text);
	await Promise.all([studio.waitForNavigation(), studio.click("form[data-reply] button[value=reply]")]);
}

export async function act(browser, origin, article, name, password) {
	const found = [];
	const author = await browser.createBrowserContext();
	await signIn(author, origin, name, password);
	for (const [what, does] of Object.entries(acts)) {
		const context = await browser.createBrowserContext();
		await context.overridePermissions(origin, ["clipboard-read", "clipboard-write", "clipboard-sanitized-write"]);
		const [page, studio] = [await context.newPage(), await author.newPage()];
		await page.bringToFront();
		try {
			const wrong = await does({ page, studio, origin, article });
			if (wrong) found.push(`${what}: ${wrong}`);
		} catch (e) {
			found.push(`${what}: ${e.message}`);
		}
		await studio.close({ runBeforeUnload: false });
		await context.close();
	}
	await author.close();
	return found;
}

export const count = Object.keys(acts).length;
