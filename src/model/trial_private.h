/* The test of a trial. */
#ifndef MODEL_TRIAL_PRIVATE_H
#define MODEL_TRIAL_PRIVATE_H

#include <glib.h>

/*
 * One-sided p-value of paired differences: how often their sum, with random
 * signs, is as large as it is (Fisher 1935; Pitman 1937). Exact for few.
 */
double trial_permute(const double *gains, guint n);

#endif
