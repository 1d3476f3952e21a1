// One Chromium for the whole suite. It can reach 127.0.0.1 only, and every page reports what it should not do.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** @typedef {{ width?: number, dark?: boolean }} Look */

/** @param {{ names?: string[] }} [options] host names that lead to 127.0.0.1, too */
export async function startBrowser({ names = [] } = {}) {
  const profile = mkdtempSync(join(tmpdir(), 'waqia-browser-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update',
      '--disable-sync', '--disable-dev-shm-usage', `--host-resolver-rules=${names.map((name) => `MAP ${name} 127.0.0.1, `).join('')}MAP * ~NOTFOUND , EXCLUDE 127.0.0.1`,
    ],
  });
  context.setDefaultTimeout(30_000);
  return {
    /**
     * Opens a page and waits until nothing is loaded any more.
     * @param {string} url
     * @param {Look} [look]
     */
    async open(url, { width = 1280, dark = false } = {}) {
      const page = await context.newPage();
      const watched = watch(page, new URL(url).origin);
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme: dark ? 'dark' : 'light', reducedMotion: 'reduce' });
      const response = await page.goto(url, { waitUntil: 'networkidle' });
      return { page, response, ...watched };
    },
    async stop() {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

/**
 * Collects what a sound page has none of.
 * @param {import('playwright-core').Page} page
 * @param {string} origin
 */
function watch(page, origin) {
  /** @type {string[]} */ const complaints = [];
  /** @type {string[]} */ const elsewhere = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(`${origin}/`) && !url.startsWith('data:') && !url.startsWith('blob:')) elsewhere.push(url);
  });
  return { complaints, elsewhere };
}

/**
 * What axe finds against WCAG 2.2 AA and its own good practice, one line a finding.
 * @param {import('playwright-core').Page} page
 * @returns {Promise<string[]>}
 */
export async function accessibilityFaults(page) {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { violations } = await /** @type {any} */ (window).axe.run(document, { resultTypes: ['violations'] });
    return violations.flatMap((/** @type {any} */ v) => v.nodes.map((/** @type {any} */ n) => `${v.id}: ${n.target.join(' ')} (${v.help})`));
  });
}
