const browser = Object.fromEntries(
  (
    "AbortSignal MutationObserver TextEncoder URL addEventListener btoa chrome clearTimeout console crypto document fetch globalThis innerHeight innerWidth location " +
    "navigator requestIdleCallback scrollX scrollY self setTimeout"
  )
    .split(" ")
    .map((name) => [name, "readonly"]),
);
const node = Object.fromEntries(
  "URL Buffer console crypto fetch globalThis process setTimeout clearTimeout structuredClone"
    .split(" ")
    .map((name) => [name, "readonly"]),
);
const rules = {
  "constructor-super": "error",
  eqeqeq: ["error", "always"],
  "no-undef": "error",
  "no-unused-vars": "error",
  "prefer-const": "error",
  "no-var": "error",
  "no-unreachable": "error",
  "no-dupe-keys": "error",
  "no-fallthrough": "error",
  "max-len": ["error", { code: 110 }],
  complexity: ["error", 18],
};

export default [
  {
    files: ["extension/**/*.js"],
    languageOptions: { ecmaVersion: "latest", sourceType: "module", globals: browser },
    rules,
  },
  {
    files: ["tests/extension/**/*.js"],
    languageOptions: { ecmaVersion: "latest", sourceType: "module", globals: node },
    rules,
  },
];
