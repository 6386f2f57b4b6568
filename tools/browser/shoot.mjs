// Pictures of the pages, to be looked at: at four widths, in both colour
// schemes, and printed.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";

export async function shoot(browser, addresses, folder) {
	await mkdir(folder, { recursive: true });
	const page = await browser.newPage();
	for (const address of addresses) {
		const name = new URL(address).pathname.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "").slice(0, 60) || "front";
		for (const width of [390, 768, 1280, 1920]) {
			for (const scheme of ["light", "dark"]) {
				await page.setViewport({ width, height: 900 });
				await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
				await page.goto(address, { waitUntil: "load" });
				await page.screenshot({ path: join(folder, `${name}-${width}-${scheme}.png`), fullPage: true });
			}
		}
		await page.emulateMediaFeatures([]);
		await page.pdf({ path: join(folder, `${name}.pdf`), format: "A4" });
	}
	await page.close();
	return [];
}
