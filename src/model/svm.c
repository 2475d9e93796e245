#include "svm_private.h"

#include <errno.h>
#include <libsvm/svm.h>
#include <math.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "model/model.h"

#define CACHE_MB       300
#define STOP_TOLERANCE 0.001

/* libsvm's loader and writer set the locale; the loader has a static line. */
static GMutex one_at_a_time;

struct svm_examples {
	guint n;
	const struct vector **x; /* borrowed vectors */
	const gboolean *y;	 /* borrowed */
	struct svm_node **rows;
};

void
linear_clear(struct linear *linear)
{
	g_clear_pointer(&linear->w, g_free);
	linear->size = 0;
}

static void
be_quiet(G_GNUC_UNUSED const char *text)
{
}

/* libsvm counts indices from 1 and ends a row with -1. */
static struct svm_node *
nodes_new(const struct vector *vector)
{
	struct svm_node *nodes = g_new(struct svm_node, vector->n + 1);

	for (guint i = 0; i < vector->n; i++) {
		nodes[i].index = (int)vector->items[i].index + 1;
		nodes[i].value = (double)vector->items[i].value;
	}
	nodes[vector->n].index = -1;
	nodes[vector->n].value = 0;
	return nodes;
}

static void
linear_set(struct linear *linear, const double *sums, guint size, double bias)
{
	linear->w = g_new(float, size);
	linear->size = size;
	linear->bias = bias;
	for (guint i = 0; i < size; i++)
		linear->w[i] = (float)sums[i];
}

/* The form check has seen to it that indices are 1..size. */
static gboolean
fold(const struct svm_model *model, guint size, struct linear *linear,
     GError **error)
{
	g_autofree double *sums = g_new0(double, size);
	double sign = model->label[0] > 0 ? 1.0 : -1.0;

	for (int i = 0; i < model->l; i++)
		for (const struct svm_node *node = model->SV[i];
		     node->index != -1; node++)
			sums[node->index - 1] +=
				sign * model->sv_coef[0][i] * node->value;
	for (guint i = 0; i < size; i++)
		if (!isfinite((float)sums[i])) {
			g_set_error(error, MODEL_ERROR, MODEL_ERROR_BROKEN,
				    "the weight of feature %u is out of range",
				    i + 1);
			return FALSE;
		}
	linear_set(linear, sums, size, -sign * model->rho[0]);
	return TRUE;
}

/* Both classes weigh the same, however many examples each has. */
static void
weigh_classes(guint positive, guint n, double weights[2])
{
	weights[0] = 0.5 * n / positive;
	weights[1] = 0.5 * n / (n - positive);
}

struct svm_examples *
svm_examples_new(const struct vector *const *x, const gboolean *y, guint n)
{
	struct svm_examples *examples = g_new(struct svm_examples, 1);
	g_autofree float *row = NULL;
	guint size = 1;

	for (guint i = 0; i < n; i++)
		if (x[i]->n > 0)
			size = MAX(size, x[i]->items[x[i]->n - 1].index + 1);
	svm_set_print_string_function(be_quiet);
	row = g_new0(float, size);
	examples->n = n;
	examples->x = g_new(const struct vector *, n + 1);
	examples->y = y;
	examples->rows = g_new(struct svm_node *, n + 1);
	for (guint i = 0; i < n; i++) {
		examples->x[i] = x[i];
		examples->rows[i] = g_new(struct svm_node, n + 2);
	}
	for (guint i = 0; i < n; i++) {
		/* What libsvm wants of a precomputed kernel: a row begins with
		 * its own number, the product with number k stands at k. */
		examples->rows[i][0].index = 0;
		examples->rows[i][0].value = i + 1;
		examples->rows[i][n + 1].index = -1;
		for (guint f = 0; f < x[i]->n; f++)
			row[x[i]->items[f].index] = x[i]->items[f].value;
		for (guint k = i; k < n; k++) {
			double product = vector_dot(x[k], row, size);

			examples->rows[i][k + 1].index = (int)k + 1;
			examples->rows[i][k + 1].value = product;
			examples->rows[k][i + 1].index = (int)i + 1;
			examples->rows[k][i + 1].value = product;
		}
		for (guint f = 0; f < x[i]->n; f++)
			row[x[i]->items[f].index] = 0;
	}
	return examples;
}

void
svm_examples_free(struct svm_examples *examples)
{
	if (examples == NULL)
		return;
	for (guint i = 0; i < examples->n; i++)
		g_free(examples->rows[i]);
	g_free(examples->rows);
	g_free(examples->x);
	g_free(examples);
}

/* w and bias from support vectors that are rows of the products. */
static void
fold_rows(const struct svm_model *model, const struct svm_examples *examples,
	  guint size, struct linear *linear)
{
	g_autofree double *sums = g_new0(double, size);
	double sign = model->label[0] > 0 ? 1.0 : -1.0;

	for (int i = 0; i < model->l; i++) {
		guint place = (guint)model->SV[i][0].value - 1;
		const struct vector *x = examples->x[place];

		for (guint f = 0; f < x->n; f++)
			sums[x->items[f].index] += sign * model->sv_coef[0][i] *
						   (double)x->items[f].value;
	}
	linear_set(linear, sums, size, -sign * model->rho[0]);
}

gboolean
svm_fit(const struct svm_examples *examples, const guint *use, guint n,
	const struct svm_setting *setting, struct linear *linear,
	GError **error)
{
	int labels[2] = { 1, -1 };
	double weights[2];
	struct svm_parameter param = { .svm_type = C_SVC,
				       .kernel_type = PRECOMPUTED,
				       .cache_size = CACHE_MB,
				       .eps = STOP_TOLERANCE,
				       .C = setting->cost,
				       .nr_weight = 2,
				       .weight_label = labels,
				       .weight = weights,
				       .shrinking = 1 };
	g_autofree double *targets = g_new(double, n + 1);
	g_autofree struct svm_node **rows = g_new(struct svm_node *, n + 1);
	struct svm_problem problem = { (int)n, targets, rows };
	struct svm_model *model;
	guint positive = 0;

	for (guint i = 0; i < n; i++) {
		positive += examples->y[use[i]] ? 1 : 0;
		targets[i] = examples->y[use[i]] ? 1 : -1;
		rows[i] = examples->rows[use[i]];
	}
	if (positive == 0 || positive == n) {
		g_set_error(error, MODEL_ERROR, MODEL_ERROR_DATA,
			    "all %u examples are of one class", n);
		return FALSE;
	}
	weigh_classes(positive, n, weights);
	model = svm_train(&problem, &param);
	fold_rows(model, examples, setting->size, linear);
	svm_free_and_destroy_model(&model);
	return TRUE;
}

/* The place in memory that a name of a file leads to, for libsvm. */
struct memory {
	int fd;
	char path[32];
};

static gboolean
memory_open(struct memory *memory, GError **error)
{
	memory->fd = memfd_create("model", MFD_CLOEXEC);
	if (memory->fd < 0)
		return error_set_errno(error, errno, "model in memory");
	g_snprintf(memory->path, sizeof memory->path, "/proc/self/fd/%d",
		   memory->fd);
	return TRUE;
}

static gboolean
memory_fill(const struct memory *memory, GBytes *bytes, GError **error)
{
	gsize size;
	const char *data = g_bytes_get_data(bytes, &size);

	while (size > 0) {
		ssize_t n = write(memory->fd, data, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return error_set_errno(error, errno, "model in memory");
		data += n;
		size -= (gsize)n;
	}
	return TRUE;
}

static GBytes *
save(const struct svm_model *model, GError **error)
{
	struct memory memory;
	GBytes *bytes = NULL;
	int failed;

	if (!memory_open(&memory, error))
		return NULL;
	g_mutex_lock(&one_at_a_time);
	failed = svm_save_model(memory.path, model);
	g_mutex_unlock(&one_at_a_time);
	if (failed)
		error_set_errno(error, errno, "model in memory");
	else
		bytes = file_read(memory.path, SVM_SIZE_MAX, error);
	close(memory.fd);
	return bytes;
}

GBytes *
svm_format(const struct linear *linear, GError **error)
{
	struct vector weights = { NULL, 0, 0 };
	struct svm_node *row;
	double one = 1;
	double *coefficients = &one;
	double rho = -linear->bias;
	int labels[2] = { 1, -1 };
	int support[2] = { 1, 0 };
	struct svm_model model = { .param = { .svm_type = C_SVC,
					      .kernel_type = LINEAR },
				   .nr_class = 2,
				   .l = 1,
				   .sv_coef = &coefficients,
				   .rho = &rho,
				   .label = labels,
				   .nSV = support };
	GBytes *bytes;

	for (guint i = 0; i < linear->size; i++)
		if (linear->w[i] != 0.0f)
			vector_add(&weights, i, linear->w[i]);
	row = nodes_new(&weights);
	model.SV = &row;
	bytes = save(&model, error);
	g_free(row);
	vector_clear(&weights);
	return bytes;
}

static struct svm_model *
load(GBytes *bytes, GError **error)
{
	struct memory memory;
	struct svm_model *model = NULL;

	if (!memory_open(&memory, error))
		return NULL;
	if (memory_fill(&memory, bytes, error)) {
		g_mutex_lock(&one_at_a_time);
		model = svm_load_model(memory.path);
		g_mutex_unlock(&one_at_a_time);
		if (model == NULL)
			g_set_error_literal(error, MODEL_ERROR,
					    MODEL_ERROR_BROKEN,
					    "libsvm cannot read it");
	}
	close(memory.fd);
	return model;
}

gboolean
svm_read(GBytes *bytes, guint size, struct svm_probe *probes, guint n_probes,
	 struct linear *linear, GError **error)
{
	struct svm_model *model;
	gboolean done;

	if (!svm_form_check(bytes, size, error))
		return FALSE;
	model = load(bytes, error);
	if (model == NULL)
		return FALSE;
	done = fold(model, size, linear, error);
	for (guint i = 0; done && i < n_probes; i++) {
		g_autofree struct svm_node *nodes = nodes_new(probes[i].vector);
		double value;

		svm_predict_values(model, nodes, &value);
		probes[i].decision = model->label[0] > 0 ? value : -value;
	}
	svm_free_and_destroy_model(&model);
	return done;
}
