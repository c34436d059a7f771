import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import prettier from 'eslint-config-prettier';
import * as regexp from 'eslint-plugin-regexp';
import tseslint from 'typescript-eslint';

export default defineConfig(
  globalIgnores(['node_modules', 'dist', '.cache', 'bin', 'deploy', 'test/walls/planted']),
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  regexp.configs['flat/recommended'],
  prettier,
  {
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      // Numbers in messages are what a reader wants to see; everything else must be turned into text first.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // `void promise` is how a promise that nobody waits for is marked.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'max-lines': ['error', { max: 350, skipBlankLines: true, skipComments: true }],
      complexity: ['error', 20],
      'no-console': 'error',
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'ExportDefaultDeclaration',
          message: 'Only a policy has a default export: name what you export.',
        },
        { selector: 'TSEnumDeclaration', message: 'Use a union of string literals.' },
        {
          selector: 'ClassDeclaration:not([superClass.name=/Error$/])',
          message: 'Classes are for errors: use functions and plain objects.',
        },
      ],
    },
  },
  {
    // Text from strangers: every pattern takes time in proportion to it, wherever a match begins.
    files: ['src/sdk/secrets/**'],
    rules: {
      'regexp/no-super-linear-backtracking': ['error', { report: 'potential' }],
      'regexp/no-super-linear-move': ['error', { report: 'potential', ignoreSticky: false }],
    },
  },
  // Generated, and as long as the API is wide.
  { files: ['src/sdk/kubernetes.ts'], rules: { 'max-lines': 'off' } },
  { files: ['scripts/**', 'bench/**', 'test/**', '.ci/**'], rules: { 'no-console': 'off' } },
  {
    files: ['eslint.config.ts'],
    rules: { '@typescript-eslint/no-deprecated': 'off' },
  },
);
