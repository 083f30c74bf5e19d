/* How the web app is built: to ../build/web, hashed files under static/, with .br and .gz copies beside every text file. */
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

const OUT = "../build/web";
const TEXT = /\.(html|js|css|svg|json|webmanifest|txt)$/;
const SMALLEST_BYTES = 1024;

/** The server sends these copies as they are, so that it never compresses at run time. */
function precompress(): Plugin {
    return {
        name: "precompress",
        apply: "build",
        closeBundle() {
            for (const path of filesUnder(OUT)) {
                if (!TEXT.test(path)) continue;
                const bytes = readFileSync(path);
                if (bytes.length < SMALLEST_BYTES) continue;
                writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
                writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
            }
        },
    };
}

function filesUnder(folder: string): string[] {
    return readdirSync(folder).flatMap((name) => {
        const path = join(folder, name);
        return statSync(path).isDirectory() ? filesUnder(path) : [path];
    });
}

export default defineConfig({
    base: "/",
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    build: {
        outDir: OUT,
        emptyOutDir: true,
        assetsDir: "static",
        assetsInlineLimit: 0,
        target: "es2022",
        modulePreload: { polyfill: false },
        sourcemap: false,
    },
    server: { proxy: { "/api": { target: "http://localhost:8065", ws: true } } },
    plugins: [precompress()],
});
