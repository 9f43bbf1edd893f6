// Lets the programs that the tests start write their coverage too. Set here, and not for vitest as a whole: in
// the workers themselves it would disturb vitest's own measurement.

if (process.env.PROGRAM_COVERAGE) process.env.NODE_V8_COVERAGE = process.env.PROGRAM_COVERAGE;
