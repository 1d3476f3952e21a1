// Pages of other sites, and a name that was pointed at this service: they may read, not write, and not put the engine to work.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { startBrowser } from './browser.mjs';
import { startService } from './service.mjs';

/** @typedef {Record<string, string>} Report */

/** @type {Awaited<ReturnType<typeof startService>>} */ let service;
/** @type {Awaited<ReturnType<typeof startBrowser>>} */ let browser;
/** @type {import('node:http').Server} */ let other;

before(async () => {
  service = await startService(['--seeds', 'none']);
  browser = await startBrowser({ names: ['evil.test'] });
  other = createServer((_, response) => response.setHeader('content-type', 'text/html').end('<!doctype html><title>other</title>'));
  await new Promise((resolve) => other.listen(0, '127.0.0.1', () => resolve(undefined)));
});

after(async () => {
  await browser?.stop();
  await service?.stop();
  other?.close();
});

const portOf = (/** @type {string} */ origin) => new URL(origin).port;
const otherPort = () => /** @type {import('node:net').AddressInfo} */ (other.address()).port;

async function countDocuments() {
  const answer = await (await fetch(`${service.origin}/v1/documents?limit=1`)).json();
  return answer.total?.value ?? answer.data.length;
}

/**
 * Runs in the page: tries to read, write and extract at `target`, in every way that needs no leave.
 * @param {string} target
 * @returns {Promise<Report>}
 */
async function attempts(target) {
  /** @type {Report} */ const report = {};
  /** @param {string} name @param {() => Promise<unknown>} act */
  const attempt = async (name, act) => {
    try {
      report[name] = String(await act());
    } catch {
      report[name] = 'blocked';
    }
  };
  const text = (/** @type {number} */ n) => `Gunmen killed ${n} policemen in Kabul.`;
  const post = (/** @type {string} */ path, /** @type {RequestInit} */ options) => fetch(target + path, { method: 'POST', ...options });
  await attempt('read', async () => (await fetch(`${target}/v1/documents?limit=1`)).status);
  await attempt('write', async () => (await post('/v1/documents', { body: text(31) })).status);
  await attempt('write no-cors', async () => (await post('/v1/documents', { mode: 'no-cors', body: text(32) })).type);
  await attempt('write json', async () => (await post('/v1/documents', { headers: { 'content-type': 'application/json' }, body: `{"text":"${text(33)}"}` })).status);
  await attempt('write with a key', async () => (await post('/v1/documents', { headers: { authorization: 'Bearer x' }, body: text(34) })).status);
  await attempt('extract', async () => (await post('/v1/extract', { body: text(35) })).status);
  await attempt('beacon', async () => navigator.sendBeacon(`${target}/v1/documents`, text(36)));
  await attempt('form', async () => {
    const form = Object.assign(document.createElement('form'), { method: 'POST', enctype: 'text/plain', action: `${target}/v1/documents`, target: 'frame' });
    form.append(Object.assign(document.createElement('input'), { name: text(37), value: 'form' }));
    document.body.append(Object.assign(document.createElement('iframe'), { name: 'frame' }), form);
    form.submit();
    await new Promise((resolve) => setTimeout(resolve, 1000));
    return 'sent';
  });
  return report;
}

describe('a page of another site', () => {
  for (const host of ['127.0.0.1', 'evil.test']) {
    test(`at ${host} reads, and neither writes nor extracts`, async () => {
      const { page } = await browser.open(`http://${host}:${otherPort()}/`);
      const report = await page.evaluate(attempts, service.origin);
      assert.equal(report.read, '200');
      assert.equal(report.write, '403');
      assert.equal(report.extract, '403');
      // The browser asks before it sends these, and gets no leave.
      assert.equal(report['write json'], 'blocked');
      assert.equal(report['write with a key'], 'blocked');
      assert.equal(await countDocuments(), 0);
      await page.close();
    });

    test(`at ${host} is refused before the engine works for it`, async () => {
      const { page } = await browser.open(`http://${host}:${otherPort()}/`);
      const statuses = /** @type {number[]} */ ([]);
      page.on('response', (response) => {
        if (response.url().endsWith('/v1/extract')) statuses.push(response.status());
      });
      await page.evaluate((target) => fetch(`${target}/v1/extract`, { method: 'POST', mode: 'no-cors', body: 'Gunmen killed 3 policemen.' }).then(() => {}), service.origin);
      assert.deepEqual(statuses, [403]);
      await page.close();
    });
  }
});

test('a name that was pointed at the service neither writes nor extracts', async () => {
  const { page } = await browser.open(`http://evil.test:${portOf(service.origin)}/`);
  const report = await page.evaluate(attempts, '');
  assert.equal(report.write, '403');
  assert.equal(report['write json'], '403');
  assert.equal(report['write with a key'], '401');
  assert.equal(report.extract, '403');
  assert.equal(await countDocuments(), 0);
  await page.close();
});

test('the pages of the service itself may do both', async () => {
  const { page } = await browser.open(service.origin);
  const report = await page.evaluate(attempts, '');
  assert.equal(report.write, '201');
  assert.equal(report.extract, '200');
  assert.ok(await countDocuments() > 0);
  await page.close();
});
