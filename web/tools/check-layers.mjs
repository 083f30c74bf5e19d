#!/usr/bin/env node
/* Reads the imports under src/ and fails on one that points right:
 *   lib <- i18n <- api <- state <- sync <- commands <- features <- main      i18n <- ui <- features
 * Features do not import each other, except features/parts (pieces several features show) and features/shell, which places them all. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const SRC = resolve(dirname(fileURLToPath(import.meta.url)), "../src");

const MAY_IMPORT = {
    lib: [],
    i18n: ["lib"],
    styles: [],
    api: ["lib", "i18n"],
    state: ["lib", "i18n", "api"],
    sync: ["lib", "i18n", "api", "state"],
    commands: ["lib", "i18n", "api", "state", "sync"],
    ui: ["lib", "i18n"],
    features: ["lib", "i18n", "api", "state", "sync", "commands", "ui"],
    main: ["lib", "i18n", "styles", "api", "state", "sync", "commands", "ui", "features"],
};

function filesUnder(folder) {
    return readdirSync(folder).flatMap((name) => {
        const path = join(folder, name);
        if (statSync(path).isDirectory()) return filesUnder(path);
        return /\.tsx?$/.test(name) ? [path] : [];
    });
}

const roomOf = (path) => { const first = path.split("/")[0]; return first in MAY_IMPORT ? first : "main"; };
const featureOf = (path) => path.split("/")[1];
const wrong = [];

for (const file of filesUnder(SRC)) {
    const from = relative(SRC, file);
    for (const [, spec] of readFileSync(file, "utf8").matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)) {
        const to = relative(SRC, resolve(dirname(file), spec));
        const room = roomOf(from), target = roomOf(to);
        if (room === target) {
            if (room !== "features") continue;
            const feature = featureOf(from), other = featureOf(to);
            if (feature !== other && other !== "parts" && feature !== "shell") wrong.push(`${from} imports ${to}: features do not import each other`);
        } else if (!MAY_IMPORT[room]?.includes(target)) {
            wrong.push(`${from} imports ${to}: ${room} may not know ${target}`);
        }
    }
}

for (const line of wrong) console.error(line);
console.log(wrong.length ? `${wrong.length} imports point the wrong way` : "layers: all imports point left");
process.exit(wrong.length ? 1 : 0);
