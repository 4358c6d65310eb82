// SPDX-License-Identifier: Apache-2.0
// The page of golden differences in a real browser, by keyboard and mouse: node golden_page.cjs URL [SCREENSHOT]
// Prints one line of JSON; code 3 when the browser is missing.
'use strict';
const path = require('path');
let puppeteer;
try {
  puppeteer = require(path.join(process.env.ACCALMIE_NODE_MODULES, 'puppeteer-core'));
} catch (missing) {
  console.error(String(missing));
  process.exit(3);
}
const [url, screenshot] = process.argv.slice(2);

(async () => {
  const browser = await puppeteer.launch({ executablePath: '/usr/bin/chromium', headless: true, args: ['--no-sandbox', '--disable-gpu'] });
  const result = { errors: [], requests: [] };
  try {
    const page = await browser.newPage();
    page.on('pageerror', e => result.errors.push(String(e)));
    page.on('request', r => { if (!r.url().startsWith('data:')) result.requests.push(r.url()); });
    await page.setViewport({ width: 1100, height: 760 });
    await page.goto(url);
    const numbers = () => page.evaluate(() => document.getElementById('numbers').textContent);
    const label = () => page.evaluate(() => document.getElementById('label').textContent);
    const clip = () => page.evaluate(() => document.getElementById('over').style.clipPath);
    result.count = await page.evaluate(() => document.querySelectorAll('#list button').length);
    result.first = await numbers();
    result.loaded = await page.evaluate(async () => { await Promise.all([...document.images].map(i => i.decode())); return [...document.images].every(i => i.naturalWidth > 0); });
    await page.keyboard.press('+');
    await page.keyboard.press('+');
    if (screenshot) await page.screenshot({ path: screenshot });
    await page.keyboard.press('ArrowRight');
    result.edge_by_key = await clip();
    const box = await (await page.$('#stage')).boundingBox();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 4, box.y + box.height / 2);
    await page.mouse.up();
    result.edge_by_mouse = await clip();
    await page.keyboard.press('d');
    result.difference = await label();
    await page.keyboard.press('b');
    result.blink = [await label()];
    await page.keyboard.press(' ');
    result.blink.push(await label());
    await page.click('[data-mode="pair"]');
    result.pair = await label();
    await page.keyboard.press('n');
    result.second = await numbers();
    await page.keyboard.press('n');
    result.round = await numbers();
    await page.click('#previous');
    result.back = await numbers();
  } finally {
    await browser.close();
  }
  console.log(JSON.stringify(result));
})().catch(e => { console.error(e); process.exit(/Could not find|Failed to launch/.test(String(e)) ? 3 : 2); });
