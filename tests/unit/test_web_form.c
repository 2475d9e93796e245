#include <glib.h>
#include <string.h>

#include "../../src/web/form_private.h"
#include "../../src/web/token_private.h"

/* `want` is "name=value|..." in the order of names; NULL: refused. */
static const struct {
	const char *name;
	const char *text;
	const char *want;
	const char *picked;
} forms[] = {
	{ "nothing", "", "", "" },
	{ "one field", "a=b", "a=b", "" },
	{ "the first of a name counts", "a=1&a=2", "a=1", "" },
	{ "all ids are picked", "id=1&x=y&id=2", "id=1|x=y", "1,2" },
	{ "a plus is a space", "a=b+c%2Bd", "a=b c+d", "" },
	{ "a name without a value", "a&b=", "a=|b=", "" },
	{ "an equals sign in the value", "a=b=c", "a=b=c", "" },
	{ "empty pieces", "&&a=b&", "a=b", "" },
	{ "UTF-8", "a=%C3%A4", "a=\u00e4", "" },
	{ "broken UTF-8", "a=%C3", NULL, NULL },
	{ "raw broken UTF-8", "a=\xff", NULL, NULL },
	{ "overlong UTF-8", "a=%C0%AF", NULL, NULL },
	{ "a NUL", "a=%00", NULL, NULL },
	{ "half an escape", "a=%4", NULL, NULL },
	{ "no escape", "a=%zz", NULL, NULL },
	{ "an escape of signs", "a=%+1", NULL, NULL },
	{ "an escape at the very end", "a=b%", NULL, NULL },
};

static char *
joined(GHashTable *fields)
{
	g_autoptr(GList) names = g_list_sort(g_hash_table_get_keys(fields),
					     (GCompareFunc)strcmp);
	GString *out = g_string_new(NULL);

	for (const GList *at = names; at; at = at->next)
		g_string_append_printf(
			out, "%s%s=%s", out->len ? "|" : "",
			(const char *)at->data,
			(const char *)g_hash_table_lookup(fields, at->data));
	return g_string_free(out, FALSE);
}

static void
test_forms(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(forms); i++) {
		g_autoptr(GHashTable) fields = form_new();
		g_autoptr(GPtrArray) picked =
			g_ptr_array_new_with_free_func(g_free);
		const gboolean read = form_parse(
			forms[i].text, strlen(forms[i].text), fields, picked);
		g_autofree char *got = joined(fields);
		g_autofree char *ids = NULL;

		g_test_message("%s", forms[i].name);
		g_assert_cmpint(read, ==, forms[i].want != NULL);
		if (!read)
			continue;
		g_ptr_array_add(picked, NULL);
		ids = g_strjoinv(",", (char **)picked->pdata);
		g_assert_cmpstr(got, ==, forms[i].want);
		g_assert_cmpstr(ids, ==, forms[i].picked);
	}
}

static void
test_many(void)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(GHashTable) fields = form_new();

	for (int i = 0; i < 512; i++)
		g_string_append(text, "a=b&");
	g_assert_true(form_parse(text->str, text->len, fields, NULL));
	g_string_append(text, "a=b");
	g_assert_false(form_parse(text->str, text->len, fields, NULL));
}

static const struct {
	const char *target;
	const char *path; /* NULL: refused */
} paths[] = {
	{ "/", "/" },
	{ "/a/b", "/a/b" },
	{ "/a/b?x=/../y", "/a/b" },
	{ "/a#b", "/a" },
	{ "/a/", "/a/" },
	{ "//a", "//a" },
	{ "/a%20b", "/a b" },
	{ "/a+b", "/a+b" },
	{ "/%C3%A4", "/\u00e4" },
	{ "/.", NULL },
	{ "/..", NULL },
	{ "/a/../b", NULL },
	{ "/%2e%2e/b", NULL },
	{ "/a%2fb", NULL },
	{ "/a\\b", NULL },
	{ "/a%5cb", NULL },
	{ "/a%00", NULL },
	{ "/a%0d%0ab", NULL },
	{ "/%7f", NULL },
	{ "/%ff", NULL },
	{ "/%", NULL },
	{ "a", NULL },
	{ "", NULL },
	{ "*", NULL },
	{ "http://evil.example/", NULL },
};

static void
test_paths(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(paths); i++) {
		g_autofree char *path = form_path(paths[i].target);

		g_test_message("%s", paths[i].target);
		g_assert_cmpstr(path, ==, paths[i].path);
	}
}

static const struct {
	const char *path;
	gboolean inside;
} places[] = {
	{ "/", TRUE },
	{ "/queue?page=2&q=a%20b", TRUE },
	{ "", FALSE },
	{ "queue", FALSE },
	{ "//evil.example", FALSE },
	{ "/\\evil.example", FALSE },
	{ "/a\\b", FALSE },
	{ "https://evil.example/", FALSE },
	{ "javascript:alert(1)", FALSE },
	{ "/a\r\nSet-Cookie: x", FALSE },
	{ "/a b", FALSE },
	{ "/\tevil.example", FALSE },
	{ "/\"><script>", FALSE },
};

static void
test_inside(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
		g_test_message("%s", places[i].path);
		g_assert_cmpint(form_inside(places[i].path), ==,
				places[i].inside);
	}
}

static void
test_tokens(void)
{
	static const char *const wrong[] = {
		NULL,
		"",
		"AAAA",
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA+",
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
	};
	char one[TOKEN_LEN + 1];
	char other[TOKEN_LEN + 1];
	g_autofree char *hash = NULL;

	token_new(one);
	token_new(other);
	hash = token_hash(one);
	g_assert_cmpuint(strlen(one), ==, TOKEN_LEN);
	g_assert_cmpstr(one, !=, other);
	g_assert_cmpuint(strlen(hash), ==, 64);
	for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++)
		g_assert_null(token_hash(wrong[i]));
}

static void
test_codes(void)
{
	static const char *const texts[] = {
		"", "a", "ab", "abc", "abcd", "\n?>~\u00e4\u20ac"
	};

	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autofree char *code = token_encode(texts[i]);
		g_autofree char *back = token_decode(code);

		g_assert_null(strpbrk(code, "+/=;, \""));
		g_assert_cmpstr(back, ==, texts[i]);
	}
	g_assert_null(token_decode("_____w"));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/form/fields", test_forms);
	g_test_add_func("/form/too many", test_many);
	g_test_add_func("/form/paths", test_paths);
	g_test_add_func("/form/places of this site", test_inside);
	g_test_add_func("/form/tokens", test_tokens);
	g_test_add_func("/form/text in a cookie", test_codes);
	return g_test_run();
}
