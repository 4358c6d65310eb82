// SPDX-License-Identifier: Apache-2.0
// The diary page in a real browser, as a patient uses it: node diary_page.cjs URL DOWNLOADS [--plant]
// Fills entries by clicking, reloads, looks at it with axe-core in both languages on phone and tablet, hands the file over into DOWNLOADS.
// --plant: takes a label away and has to be caught by the same check. Prints one line of JSON; code 3 when browser or axe are missing.
'use strict';
const fs = require('fs');
const path = require('path');
const modules = process.env.ACCALMIE_NODE_MODULES;
let puppeteer, axe;
try {
  puppeteer = require(path.join(modules, 'puppeteer-core'));
  axe = fs.readFileSync(path.join(modules, 'axe-core', 'axe.min.js'), 'utf8');
} catch (missing) {
  console.error(String(missing));
  process.exit(3);
}
const [url, downloads, plant] = process.argv.slice(2);
const sizes = { phone: { width: 390, height: 844, isMobile: true, hasTouch: true, deviceScaleFactor: 2 }, tablet: { width: 820, height: 1180, deviceScaleFactor: 1 } };

async function violations(page) {
  await page.evaluate(axe);
  return page.evaluate(async () => (await window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })).violations.map(v => `${v.id}: ${v.nodes[0].html}`));
}
async function choose(page, name, value) {
  await page.evaluate((n, v) => document.querySelector(`input[name="${n}"][value="${v}"]`).parentElement.click(), name, value);
}
async function note(page, entry) {
  for (const [name, value] of Object.entries(entry)) await choose(page, name, String(value));
  await page.click('#keep');
}

(async () => {
  const browser = await puppeteer.launch({ executablePath: '/usr/bin/chromium', headless: true, args: ['--no-sandbox', '--disable-gpu', '--accept-lang=fr-FR,fr'] });
  const result = { violations: [], errors: [], requests: [] };
  try {
    const page = await browser.newPage();
    page.on('pageerror', e => result.errors.push(String(e)));
    page.on('request', r => { if (!r.url().startsWith('blob:') && !r.url().startsWith('data:')) result.requests.push(r.url()); });
    const session = await page.createCDPSession();
    await session.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: downloads, eventsEnabled: true });
    await page.setViewport(sizes.phone);
    await page.goto(url);
    result.language = await page.evaluate(() => document.documentElement.lang);

    await page.click('#keep');  // nothing chosen: it says what is missing and notes nothing
    result.missing = await page.evaluate(() => document.getElementById('said').textContent);
    const began = Date.now();
    await note(page, { used: false, craving: 7, mood: 2, place: 'bar', trigger: 'people' });
    result.entry_ms = Date.now() - began;
    await note(page, { used: true, craving: 10, mood: 1, place: 'home', trigger: 'stress' });
    await page.reload();
    await note(page, { used: false, craving: 0, mood: 5, place: 'work', trigger: 'other' });
    result.listed = await page.evaluate(() => document.querySelectorAll('#list li').length);

    if (plant) await page.evaluate(() => document.querySelector('input[name="craving"]').parentElement.querySelector('span').remove());
    for (const [size, viewport] of Object.entries(sizes)) {
      await page.setViewport(viewport);
      for (const scheme of plant ? [] : ['light', 'dark']) {
        await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
        for (const language of ['en', 'fr']) {
          await page.click(`#${language}`);
          await choose(page, 'craving', '4');  // the look of what is chosen is judged too
          result.violations.push(...(await violations(page)).map(v => `${size} ${scheme} ${language} ${v}`));
          result.wide = result.wide || await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
        }
      }
      if (plant) result.violations.push(...await violations(page));
    }
    await page.setViewport({ ...sizes.phone, width: 320 });  // WCAG 1.4.10: no scrolling sideways at 320 px
    result.wide = result.wide || await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'light' }]);
    await page.setViewport({ ...sizes.phone, deviceScaleFactor: 1 });
    await page.evaluate(() => scrollTo(0, 0));
    for (const [name, value] of Object.entries({ used: 'false', craving: '6', mood: '3', place: 'bar' })) await choose(page, name, value);
    result.small = await page.evaluate(() => [...document.querySelectorAll('input, button')].filter(e => e.offsetParent && Math.min(e.getBoundingClientRect().width, e.getBoundingClientRect().height) < 40).map(e => e.outerHTML));
    // ACCALMIE_PAGE_PICTURE=docs/pictures/diary-page.png makes the picture anew.
    if (process.env.ACCALMIE_PAGE_PICTURE) await page.screenshot({ path: process.env.ACCALMIE_PAGE_PICTURE, clip: { x: 0, y: 0, width: 390, height: 760 } });

    const done = new Promise(resolve => session.on('Browser.downloadProgress', e => { if (e.state === 'completed') resolve(); }));
    await page.click('#hand');
    await done;
    await page.click('#erase');
    await page.click('#erase_no');
    result.kept = await page.evaluate(() => document.querySelectorAll('#list li small').length);
    await page.click('#erase');
    await page.click('#erase_yes');
    result.erased = await page.evaluate(() => document.querySelectorAll('#list li small').length === 0 && localStorage.getItem('accalmie-diary-1') === null);

    // What cannot be read is put aside, never thrown away, and noting goes on.
    await page.evaluate(() => localStorage.setItem('accalmie-diary-1', '{half'));
    await page.reload();
    await note(page, { used: false, craving: 3, mood: 3, place: 'street', trigger: 'meal' });
    result.aside = await page.evaluate(() => Object.keys(localStorage).some(k => k.startsWith('accalmie-diary-1-aside')) && document.querySelectorAll('#list li small').length === 1);
  } finally {
    await browser.close();
  }
  console.log(JSON.stringify(result));
})().catch(e => { console.error(e); process.exit(/Could not find|Failed to launch/.test(String(e)) ? 3 : 2); });
