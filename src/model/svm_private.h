/*
 * libsvm, fenced in: the only users of svm.h are svm.c and these functions.
 *
 * libsvm's trained model points into the training data, its loader trusts
 * the file, sets the locale and keeps a static buffer. So training returns a
 * plain weight vector, and loading takes bytes whose digest was checked and
 * is serialised by a lock. Only linear C-SVC models of two classes exist here.
 */
#ifndef MODEL_SVM_PRIVATE_H
#define MODEL_SVM_PRIVATE_H

#include <glib.h>

#include "features/vector.h"

/* decision(x) = w . x + bias; positive means the class. */
struct linear {
	float *w;
	guint size;
	double bias;
};

void linear_clear(struct linear *linear);

/*
 * Examples made ready to train on, as often as one likes: all dot products
 * are made once, so that every fold of a cross-validation costs little more
 * than its own solving. 16 bytes a pair of examples. Borrows the vectors
 * (sorted). May be used by several threads.
 */
struct svm_examples;
struct svm_examples *svm_examples_new(const struct vector *const *x, guint n);
void svm_examples_free(struct svm_examples *examples);

/*
 * Trains C-SVC on the `n` examples at the places `use`, of class `y[place]`.
 * Classes are weighed evenly. Errors: MODEL_ERROR_DATA when a class is
 * missing.
 */
gboolean svm_fit(const struct svm_examples *examples, const guint *use, guint n,
		 const gboolean *y, double cost, guint size,
		 struct linear *linear, GError **error);

/* Writes w as libsvm's own model file with one support vector. */
gboolean svm_write(const struct linear *linear, const char *path,
		   GError **error);

/*
 * Reads a model file from memory and folds it. `probes` (n_probes, sorted)
 * get libsvm's own decision values in `decisions`, for the check of the fold.
 * Errors: MODEL_ERROR_BROKEN.
 */
gboolean svm_read(GBytes *bytes, guint size, const struct vector *probes,
		  guint n_probes, double *decisions, struct linear *linear,
		  GError **error);

#endif
