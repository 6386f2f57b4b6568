// How much an article with nine comments and no pictures costs at first sight:
// requests and bytes over the wire, until all is quiet.

const most = { requests: 4, bytes: 40 * 1024 };

export async function weigh(browser, address) {
	const context = await browser.createBrowserContext();
	const page = await context.newPage();
	const session = await page.createCDPSession();
	await session.send("Network.enable");
	const asked = new Map();
	session.on("Network.responseReceived", (e) => !e.response.fromDiskCache && asked.set(e.requestId, { url: e.response.url, type: e.type, bytes: e.response.encodedDataLength }));
	session.on("Network.loadingFinished", (e) => asked.has(e.requestId) && (asked.get(e.requestId).bytes = e.encodedDataLength));
	await page.setViewport({ width: 390, height: 844 });
	await page.goto(address, { waitUntil: "load" });
	await page.waitForNetworkIdle({ concurrency: 1 }); // the stream of changes has no end
	await context.close();
	// Pictures are not the page's own weight: the figure is for an article without any.
	const own = [...asked.values()].filter((r) => !/^(\/-)?\/media\/|^\/-\/icon/.test(new URL(r.url).pathname));
	const bytes = own.reduce((sum, r) => sum + r.bytes, 0);
	console.log(`  ${own.length} requests, ${(bytes / 1024).toFixed(1)} KB: ${own.map((r) => `${new URL(r.url).pathname} ${r.bytes}`).join(", ")}`);
	const found = [];
	if (own.length > most.requests) found.push(`${own.length} requests, at most ${most.requests}`);
	if (bytes > most.bytes) found.push(`${bytes} bytes, at most ${most.bytes}`);
	return found;
}
