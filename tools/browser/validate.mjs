// The HTML of pages as it is served, through the Nu checker where Java is, and
// html-validate elsewhere.

import { execFile, execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRequire } from "node:module";
import { promisify } from "node:util";

const require = createRequire(import.meta.url);

const hasJava = () => {
	try {
		execFileSync("java", ["-version"], { stdio: "ignore" });
		return true;
	} catch {
		return false;
	}
};

export async function validate(addresses) {
	const folder = await mkdtemp(join(tmpdir(), "kabar-html-"));
	try {
		const files = new Map();
		for (const [i, address] of addresses.entries()) {
			const answer = await fetch(address, { headers: { accept: "text/html" } });
			const file = join(folder, `${i}.html`);
			await writeFile(file, await answer.text());
			files.set(file, address);
		}
		return await (hasJava() ? nu(files) : other(files));
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

async function nu(files) {
	const jar = join(require.resolve("vnu-jar"), "..", "build", "dist", "vnu.jar");
	const run = promisify(execFile)("java", ["-Xss1m", "-jar", jar, "--format", "json", "--exit-zero-always", "--stdout", ...files.keys()], { maxBuffer: 64 << 20 });
	const { messages } = JSON.parse((await run).stdout);
	return messages.filter((m) => m.type === "error" || m.subType === "warning" && !/Trailing slash/.test(m.message))
		.map((m) => `${files.get(new URL(m.url).pathname)} ${m.type}: ${m.message}: ${(m.extract ?? "").replace(/\s+/g, " ").slice(0, 160)}`);
}

async function other(files) {
	const { HtmlValidate, StaticConfigLoader } = await import("html-validate");
	const checker = new HtmlValidate(new StaticConfigLoader({ extends: ["html-validate:standard"] }));
	const found = [];
	for (const [file, address] of files) {
		const report = await checker.validateFile(file);
		for (const r of report.results) for (const m of r.messages) found.push(`${address} ${m.ruleId}: ${m.message} at ${m.line}:${m.column}`);
	}
	return found;
}
