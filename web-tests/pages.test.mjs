// Every page: loads, talks to its own host only, is quiet on the console, fits a narrow window, is accessible in light and dark.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { accessibilityFaults, startBrowser } from './browser.mjs';
import { startService } from './service.mjs';

const PAGES = ['/', '/docs'];

/** @type {Awaited<ReturnType<typeof startService>>} */ let service;
/** @type {Awaited<ReturnType<typeof startBrowser>>} */ let browser;

before(async () => {
  service = await startService();
  browser = await startBrowser();
});

after(async () => {
  await browser?.stop();
  await service?.stop();
});

/** @param {string} path @returns {Promise<any>} */
const json = async (path) => (await fetch(service.origin + path)).json();

/** Opens everything that is folded, so that it is checked too. @param {import('playwright-core').Page} page */
const unfold = (page) => page.evaluate(() => document.querySelectorAll('details').forEach((details) => { details.open = true; }));

/** How many pixels the page is wider than its window. @param {import('playwright-core').Page} page */
const overflow = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

for (const path of PAGES) {
  describe(path, () => {
    test('loads, quietly, and asks no other host', async () => {
      const { page, response, complaints, elsewhere } = await browser.open(service.origin + path);
      assert.equal(response?.status(), 200);
      assert.deepEqual(complaints, []);
      assert.deepEqual(elsewhere, []);
      assert.equal(await page.locator('h1').count(), 1);
      await page.close();
    });

    for (const dark of [false, true]) {
      test(`is accessible in ${dark ? 'dark' : 'light'}`, async () => {
        const { page } = await browser.open(service.origin + path, { dark });
        await unfold(page);
        assert.deepEqual(await accessibilityFaults(page), []);
        await page.close();
      });
    }

    test('fits a window of 320 pixels', async () => {
      const { page } = await browser.open(service.origin + path, { width: 320 });
      await unfold(page);
      assert.equal(await overflow(page), 0, 'it scrolls sideways');
      assert.deepEqual(await accessibilityFaults(page), []);
      await page.close();
    });
  });
}

test('the start page shows how much there is', async () => {
  const total = (await json('/v1/incidents?limit=1')).meta.total;
  assert.ok(total > 0, 'the seeds fill an empty base');
  const { page } = await browser.open(service.origin);
  const text = await page.locator('main').innerText();
  assert.ok(text.replaceAll(/[,\u202f\u00a0 ]/g, '').includes(String(total)), `${total} incidents are not on the page:\n${text}`);
  await page.close();
});

test('the page of the API lists every route', async () => {
  const { paths } = await json('/openapi.json');
  const { page } = await browser.open(`${service.origin}/docs`);
  const text = await page.locator('main').innerText();
  const missing = Object.keys(paths).filter((path) => !text.includes(path));
  assert.deepEqual(missing, []);
  assert.ok(Object.keys(paths).length >= 5);
  await page.close();
});

test('the checks find what is wrong', async () => {
  const { page, complaints, elsewhere } = await browser.open(service.origin);
  await page.evaluate(() => {
    const image = document.createElement('img');
    image.src = 'https://elsewhere.example/pixel.png';
    document.body.append(image);
    const wide = document.createElement('div');
    wide.style.width = '3000px';
    wide.textContent = 'wide';
    document.body.append(wide);
    console.error('something is wrong');
  });
  await page.waitForTimeout(500);
  assert.ok((await accessibilityFaults(page)).some((fault) => fault.startsWith('image-alt')), 'an image without a text is a fault');
  assert.ok(await overflow(page) > 0, 'a page that is too wide is seen');
  assert.ok(complaints.some((c) => c.includes('something is wrong')));
  await page.close();

  // Without the security policy of our pages, so that the request is really made.
  const other = await browser.open('data:text/html,<title>x</title><img alt="" src="http://elsewhere.example/pixel.png">');
  await other.page.waitForTimeout(500);
  assert.ok(other.elsewhere.length > 0 || elsewhere.length > 0, 'a request to another host is seen');
  await other.page.close();
});
