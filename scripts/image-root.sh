#!/bin/sh
# Writes all that the container image has beyond its base into a folder: Node.js, daygate, the packages it needs and the
# list of them (/app/sbom.cdx.json). The Dockerfile runs this, and so does test/package/image.test.ts: what is tested is
# what is shipped. The same checkout gives the same bytes.
#
#   sh scripts/image-root.sh FOLDER      in a checkout that it may build in; FOLDER is made
set -eu
root=$1
app=$root/app
checkout=$PWD
quiet='--no-audit --no-fund --loglevel=error'

npm ci $quiet
npm run --silent build

mkdir -p "$app" "$root/usr/local/bin"
# The very Node.js that runs this.
cp "$(node --print process.execPath)" "$root/usr/local/bin/node"
cp -R bin dist LICENSE package.json package-lock.json "$app"
cd "$app"
npm ci --omit=dev --ignore-scripts $quiet
# Developers' packages are not there, and nothing in here asks for them.
rm package-lock.json
npm pkg delete devDependencies scripts allowScripts
npm sbom --sbom-format=cyclonedx --loglevel=error | node "$checkout/scripts/image-sbom.ts" >sbom.cdx.json
rm node_modules/.package-lock.json

# What only developers of these packages need: a third of the bytes, and tests that carry keys.
find dist node_modules -type f \( -name '*.map' -o -name '*.ts' -o -name '*.mts' -o -name '*.cts' \) -delete
find node_modules -type f -name '*.md' ! -iname 'licen[cs]e*' -delete
find node_modules -type d \( -name test -o -name tests -o -name docs -o -name example -o -name examples \
  -o -name benchmark -o -name benchmarks -o -name '.github' \) -prune -exec rm -rf {} +
find node_modules -type d -empty -delete

# Neither the clock nor the umask of whoever builds it is part of the image.
chmod -R u=rwX,go=rX "$root"
find "$root" -exec touch --no-dereference --date="@${SOURCE_DATE_EPOCH:-0}" {} +
