/*
 * libsvm, fenced in: the only users of svm.h are svm.c and these functions.
 *
 * libsvm's trained model points into the training data, its loader trusts
 * the file, sets the locale and keeps a static buffer. So training returns a
 * plain weight vector; loading and writing go by memory and are serialised by
 * a lock; and bytes are held against the form of a model file before they are
 * loaded. Only linear C-SVC models of two classes exist here.
 */
#ifndef MODEL_SVM_PRIVATE_H
#define MODEL_SVM_PRIVATE_H

#include <glib.h>

#include "features/vector.h"

#define SVM_SIZE_MAX (64 << 20) /* bytes of a model file */

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
 * (sorted) and their classes. May be used by several threads.
 */
struct svm_examples;
struct svm_examples *svm_examples_new(const struct vector *const *x,
				      const gboolean *y, guint n);
void svm_examples_free(struct svm_examples *examples);

/* How to train: what an error costs, and the number of features. */
struct svm_setting {
	double cost;
	guint size;
};

/*
 * Trains C-SVC on the `n` examples at the places `use`. Classes are weighed
 * evenly. Errors: MODEL_ERROR_DATA when a class is missing.
 */
gboolean svm_fit(const struct svm_examples *examples, const guint *use, guint n,
		 const struct svm_setting *setting, struct linear *linear,
		 GError **error);

/* w as libsvm's own model file with one support vector; the caller's. */
GBytes *svm_format(const struct linear *linear, GError **error);

/* A sorted vector (borrowed), and libsvm's own decision value for it. */
struct svm_probe {
	const struct vector *vector;
	double decision;
};

/*
 * Reads a model file from memory, folds it, and asks libsvm for the decision
 * value of each probe, for the check of the fold. `size` is the number of
 * features. Errors: MODEL_ERROR_BROKEN.
 */
gboolean svm_read(GBytes *bytes, guint size, struct svm_probe *probes,
		  guint n_probes, struct linear *linear, GError **error);

/*
 * Whether every byte is as it must be, so that libsvm may see them (it is
 * asked by svm_read). Errors: MODEL_ERROR_BROKEN with the line.
 */
gboolean svm_form_check(GBytes *bytes, guint size, GError **error);

#endif
