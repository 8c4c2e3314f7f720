/**
 * Where random tests begin: anew on each run here, at the same place in CI, so that what lands is decided by the
 * change and not by luck. A failure prints its seed and path; `FC_SEED` begins there.
 */
import fc from 'fast-check';

const CI_SEED = 20_261_121;
const { CI, FC_SEED, TURNPIKE_TEST_LIVES } = process.env;
const seed = FC_SEED === undefined ? (CI === 'true' ? CI_SEED : undefined) : Number(FC_SEED);
// Making a life of a night shorter takes longer than the night; its seed says enough.
const endOnFailure = TURNPIKE_TEST_LIVES !== undefined;
fc.configureGlobal({ ...(seed !== undefined && { seed }), endOnFailure });
