// Which pages there are: those that people reach by the links of the front
// page, of an article and of the Studio, one of each kind, and the pages that
// say that something is wrong.

const never = /\/logout|\.csv|\.json|\.atom|\.rss|\.xml|\/media\/|\/static\/|\/ap\/|export|preview/;

// kind is what a path is one of: pages of one kind differ by an id, a number, a
// name or their query.
const kind = (path) => path.split("?")[0]
	.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "{id}").replace(/\/\d+(?=\/|$)/g, "/{n}")
	.replace(/^\/(tags|authors|-\/series)\/[^/]+/, "/$1/{name}");

export async function signIn(context, origin, name, password) {
	const page = await context.newPage();
	await page.goto(`${origin}/studio/login`);
	await page.type("input[name=email]", name);
	await page.type("input[name=password]", password);
	await Promise.all([page.waitForNavigation(), page.click("main button:not([type=button])")]);
	if (!page.url().startsWith(`${origin}/studio`) || page.url().includes("login")) throw new Error(`signing in leads to ${page.url()}`);
	await page.close();
}

// linked follows links two steps from where it begins, and returns the
// addresses of one page of each kind.
async function linked(context, origin, begin, inside) {
	const page = await context.newPage();
	const found = new Map();
	let now = begin;
	for (let depth = 0; depth < 3; depth++) {
		const next = [];
		for (const path of now) {
			if (found.has(kind(path))) continue;
			found.set(kind(path), origin + path);
			await page.goto(origin + path);
			const links = await page.$$eval("a[href]", (all) => all.map((a) => a.href));
			next.push(...links);
		}
		now = next.filter((l) => l.startsWith(`${origin}/`)).map((l) => new URL(l)).map((u) => u.pathname + u.search)
			.filter((p) => !never.test(p) && !p.includes("lang=") && p.startsWith("/studio") === inside);
	}
	await page.close();
	return [...found.values()];
}

export async function findPages(browser, origin, article, name, password) {
	const wrong = ["/tidak-ada-di-sini", "/search?q=%22", "/search?q=tidakadasamasekali", "/follow?account=salah"];
	const readers = await linked(browser, origin, ["/", article, "/archive", "/search?q=pemimpin", "/follow"], false);
	const context = await browser.createBrowserContext();
	await signIn(context, origin, name, password);
	const studio = await linked(context, origin, ["/studio"], true);
	await context.close();
	return { readers: [...readers, ...wrong.map((path) => origin + path), `${origin}/studio/login`], studio };
}
