export * from './field-faults.ts';
export * from './field-guess.ts';
export * from './field-type.ts';
export { describeValue, expectation, unquoted } from './scalars.ts';
