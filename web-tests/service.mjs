// A waqia of its own for the tests: a fresh base in a temporary folder, filled with the built-in seeds, on a free port.

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const checkout = dirname(dirname(fileURLToPath(import.meta.url)));

/** The binary that `cargo test` has built; WAQIA_BIN names another. */
function binary() {
  const path = process.env.WAQIA_BIN ?? join(process.env.CARGO_TARGET_DIR ?? join(checkout, 'target'), 'debug', 'waqia');
  if (!existsSync(path)) throw new Error(`${path} is not there: cargo build makes it, WAQIA_BIN names another`);
  return path;
}

/**
 * Starts the service and waits until it answers.
 * @param {string[]} [flags] beside those for address, base and log
 * @returns {Promise<{ origin: string, stop: () => Promise<void> }>}
 */
export async function startService(flags = []) {
  const folder = mkdtempSync(join(tmpdir(), 'waqia-web-'));
  const child = spawn(binary(), ['--listen', '127.0.0.1:0', '--database', join(folder, 'test.db'), '--log', 'warn', ...flags], { stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  const stop = async () => {
    child.kill('SIGTERM');
    await gone;
    rmSync(folder, { recursive: true, force: true });
  };
  for await (const line of createInterface({ input: child.stdout })) {
    const origin = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
    if (origin) return { origin, stop };
  }
  throw new Error('the service ended before it listened');
}
