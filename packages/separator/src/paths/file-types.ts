const extensions = new Set(
  (
    'adoc astro avif bash bat bazel bib bin bzl c cc cfg cjs clj cljs cmake cmd conf cpp cs cshtml csproj css csv cts cu ' +
    'cxx dart db diff dockerfile dot ejs el elm env eot erb erl ex exs fish fs fsx gif gitignore go gql gradle graphql ' +
    'groovy h haml hbs hcl heex hpp hrl hs htm html http ico ini ipynb j2 jar java jinja jl jpeg jpg js json json5 jsonc ' +
    'jsonl jsx kt kts less lhs lock log lua m make md mdx mjs mk ml mli mm mp3 mp4 mts mustache ndjson nim nix njk nu ' +
    'org otf patch pdf php pl plist pm png prisma properties proto ps1 psm1 pug py pyi pyx r rake rb resx rkt rmd rs rst ' +
    'sass sbt scala scm scss service sh sln snap sol sql sqlite styl sv svelte svg swift tcl template tex textproto tf ' +
    'tfvars thrift tmpl toml ts tsv tsx ttf twig txt v vb vhd vue wasm wav webmanifest webp woff woff2 xaml xcodeproj xls ' +
    'xlsx xml xsd xsl yaml yml zig zsh'
  ).split(' '),
);

const wholeNames = new Set(
  (
    'brewfile caddyfile cmakelists.txt codeowners containerfile copying dockerfile gemfile gnumakefile jenkinsfile ' +
    'justfile license makefile notice pipfile podfile procfile rakefile vagrantfile authors contributors'
  ).split(' '),
);

/** `.gitignore`, `.npmrc`, `.env`, `.editorconfig`; not `.modal-header`, which is a style class. */
const DOTFILE =
  /^\.(?:[a-z][a-z0-9_-]*(?:rc|ignore|attributes|config|keep|modules)|env|nvmrc|node-version|python-version|mailmap)$/;

/** The extension of the last part of a path, in lower case and without its dot; `''` if it has none. */
export function extensionOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot < 0 ? '' : name.slice(dot + 1).toLowerCase();
}

/** True for an extension that files of software projects are known to have. */
export function isKnownExtension(extension: string): boolean {
  return extensions.has(extension);
}

/** True for names that are files without any extension, such as `Makefile` and `.gitignore`. */
export function isKnownName(name: string): boolean {
  return wholeNames.has(name.toLowerCase()) || DOTFILE.test(name);
}
