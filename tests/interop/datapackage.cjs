// SPDX-License-Identifier: Apache-2.0
// Judges a Frictionless data package with the npm package `datapackage`: the descriptor by its profile, every row by its schema (types,
// required, enumerations, primary keys), relations between the tables, and the hashes. Prints one line a fault; code 0 only without any.
// Usage: node datapackage.cjs FOLDER        with ACCALMIE_NODE_MODULES naming the folder of the installed packages
'use strict'
const crypto = require('crypto')
const fs = require('fs')
const path = require('path')

const modules = process.env.ACCALMIE_NODE_MODULES
if (!modules) {
  console.error('validator missing: ACCALMIE_NODE_MODULES is not set')
  process.exit(3)
}
let Package
try {
  ({ Package } = require(path.join(modules, 'datapackage')))
} catch (error) {
  console.error(`validator missing: ${error.message}`)
  process.exit(3)
}

async function judge(folder) {
  const faults = []
  const file = path.join(folder, 'datapackage.json')
  const dataPackage = await Package.load(JSON.parse(fs.readFileSync(file, 'utf8')), { basePath: folder, strict: false })
  for (const error of dataPackage.errors) faults.push(`descriptor: ${error.message}`)
  let rows = 0
  for (const resource of dataPackage.resources) {
    const name = resource.descriptor.path
    for (const error of resource.errors) faults.push(`descriptor: ${name}: ${error.message}`)
    try {
      rows += (await resource.read({ keyed: true, relations: true })).length
    } catch (error) {
      const details = error.multiple ? error.errors.map((each) => each.message).join('; ') : error.message
      faults.push(`table: ${name}: ${details}`)
    }
    const bytes = fs.readFileSync(path.join(folder, name))
    const sha = crypto.createHash('sha256').update(bytes).digest('hex')
    if (resource.descriptor.hash !== `sha256:${sha}` || resource.descriptor.bytes !== bytes.length) faults.push(`hash: ${name}`)
  }
  console.log(`${dataPackage.resources.length} tables, ${rows} rows`)
  for (const fault of faults) console.log(fault)
  return faults.length
}

judge(process.argv[2]).then(
  (faults) => process.exit(faults === 0 ? 0 : 1),
  (error) => {
    console.log(`descriptor: ${error.message}`)
    process.exit(1)
  })
