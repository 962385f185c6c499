// Checks a running demo from outside: node check.mjs http://127.0.0.1:8080
//
// The OpenAPI document must pass redocly and spectral without an error, and
// the start page and the documentation page must render in a browser without
// an error, a failed request or a request to another host.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const here = dirname(fileURLToPath(import.meta.url))
const base = process.argv[2]
const temp = mkdtempSync(join(tmpdir(), 'joinery-web-'))
const problems = []

function lint(name, args) {
  console.log(`\n=== ${name}`)
  const result = spawnSync(join(here, 'node_modules', '.bin', name), args, {
    cwd: here,
    stdio: 'inherit',
    env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
  })
  if (result.error) throw result.error
  if (result.status !== 0) problems.push(`${name} found errors in /openapi.json`)
}

async function lintDocument() {
  const response = await fetch(base + '/openapi.json')
  if (!response.ok) {
    problems.push(`/openapi.json answers ${response.status}`)
    return
  }
  const file = join(temp, 'openapi.json')
  writeFileSync(file, await response.text())
  lint('redocly', ['lint', '--config', 'redocly.yaml', file])
  lint('spectral', ['lint', '--ruleset', 'spectral.yaml', '--fail-severity', 'error', file])
}

// load opens a page and waits until content, a selector, is visible.
async function load(browser, path, content) {
  console.log(`\n=== Chromium loads ${path}`)
  const page = await browser.newPage()
  const complain = (text) => problems.push(`${path}: ${text}`)
  page.on('console', (message) => message.type() === 'error' && complain(`console: ${message.text()}`))
  page.on('pageerror', (error) => complain(`script: ${error.message}`))
  page.on('requestfailed', (request) => complain(`${request.url()} failed: ${request.failure()?.errorText}`))
  page.on('request', (request) => {
    // The page has to work without the internet.
    if (!request.url().startsWith(base) && !/^(data|blob):/.test(request.url())) {
      complain(`asks another host: ${request.url()}`)
    }
  })
  try {
    const response = await page.goto(base + path, { waitUntil: 'networkidle', timeout: 60_000 })
    if (!response.ok()) complain(`answers ${response.status()}`)
    await page.locator(content).first().waitFor({ state: 'visible', timeout: 30_000 })
    const text = (await page.locator('body').innerText()).trim()
    if (text.length < 20) complain(`shows almost no text: ${JSON.stringify(text)}`)
    console.log(`title ${JSON.stringify(await page.title())}, ${text.length} characters of text`)
  } catch (error) {
    complain(error.message)
  }
  await page.close()
}

async function browse() {
  const browser = await chromium.launchPersistentContext(join(temp, 'profile'), {
    executablePath: process.env.CHROMIUM,
    headless: true,
    args: [
      '--no-sandbox', // root may run this, and only our own pages are loaded
      '--disable-quic',
      '--disable-background-networking',
      '--no-first-run',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
  try {
    await load(browser, '/', 'body')
    await load(browser, '/docs', '.swagger-ui .opblock')
  } finally {
    await browser.close()
  }
}

try {
  await lintDocument()
  await browse()
} catch (error) {
  problems.push(error.stack)
} finally {
  rmSync(temp, { recursive: true, force: true, maxRetries: 5 })
}

if (problems.length > 0) {
  console.error(`\n${problems.length} problems:\n- ${problems.join('\n- ')}`)
  process.exit(1)
}
console.log('\nThe document and the pages are fine.')
