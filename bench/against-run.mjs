/**
 * One suite in both versions, in a process of its own: `against-run.mjs SUITE now|then SMOKE` sends what it timed; the
 * version named is loaded first.
 */

const [suite, earlier, smoke] = process.argv.slice(2);
const load = async (version) => (await import(`./dist/${version}/${suite}/${suite}.js`))[suite];
const cases = {};
for (const version of earlier === "now" ? ["now", "then"] : ["then", "now"]) cases[version] = await load(version);
const { timeBoth } = await import("./dist/against/against.js");
process.send(await timeBoth(cases.now, cases.then, smoke === "true"));
