#include "interest_cache_private.h"
#include "mail/address.h"
#include "snapshot_private.h"

static void
buyer_free(gpointer data)
{
	struct buyer *buyer = data;

	g_clear_pointer(&buyer->models, g_ref_string_release);
	profile_free(buyer->profile);
	g_free(buyer);
}

struct snapshot *
snapshot_alloc(void)
{
	struct snapshot *snapshot = g_new0(struct snapshot, 1);

	snapshot->refs = 1;
	snapshot->buyers = g_ptr_array_new_with_free_func(buyer_free);
	snapshot->by_id = g_hash_table_new(g_str_hash, g_str_equal);
	snapshot->by_address =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	snapshot->groups = g_ptr_array_new();
	snapshot->lexicon = lexicon_new();
	return snapshot;
}

/* Buyers' profiles are in each other's. */
static void
free_group_interests(struct snapshot *snapshot)
{
	for (guint i = 0; i < snapshot->buyers->len; i++) {
		struct buyer *buyer = snapshot->buyers->pdata[i];

		g_clear_pointer(&buyer->group, group_interest_free);
	}
}

static void
free_models(struct snapshot *snapshot)
{
	g_clear_pointer(&snapshot->shelf, g_hash_table_unref);
	g_clear_pointer(&snapshot->adapters, g_ptr_array_unref);
	model_free(snapshot->relevance);
	model_free(snapshot->outreach);
	lexicon_free(snapshot->lexicon);
	g_clear_pointer(&snapshot->models, g_ref_string_release);
	g_free(snapshot->models_folder);
}

/* Of what a failed load made, anything may be missing. */
void
snapshot_free(struct snapshot *snapshot)
{
	interest_cache_unref(snapshot->interests);
	g_hash_table_unref(snapshot->by_address);
	g_hash_table_unref(snapshot->by_id);
	free_group_interests(snapshot);
	g_ptr_array_unref(snapshot->buyers);
	g_clear_pointer(&snapshot->served, g_ptr_array_unref);
	g_clear_pointer(&snapshot->versions, g_ptr_array_unref);
	g_ptr_array_unref(snapshot->groups);
	g_free(snapshot->group_faults);
	g_free(snapshot->unserved);
	free_models(snapshot);
	signals_free(snapshot->signals);
	config_free(snapshot->config);
	g_free(snapshot);
}

struct snapshot *
snapshot_ref(struct snapshot *snapshot)
{
	g_atomic_int_inc(&snapshot->refs);
	return snapshot;
}

void
snapshot_unref(struct snapshot *snapshot)
{
	if (snapshot && g_atomic_int_dec_and_test(&snapshot->refs))
		snapshot_free(snapshot);
}

const struct buyer *
snapshot_buyer(const struct snapshot *snapshot, const char *addr)
{
	g_autofree char *key = addr ? address_key(addr) : NULL;
	g_autofree char *base = addr ? address_base(addr) : NULL;
	gpointer found = NULL;

	if (key && g_hash_table_lookup_extended(snapshot->by_address, key, NULL,
						&found))
		return found;
	/* Whoever is left out may be the one who is meant, with an address that
	 * extends another's: nobody's profile judges it then. */
	return base && !snapshot->partial
		       ? g_hash_table_lookup(snapshot->by_address, base)
		       : NULL;
}

const struct buyer *
snapshot_find(const struct snapshot *snapshot, const char *id)
{
	return id ? g_hash_table_lookup(snapshot->by_id, id) : NULL;
}

struct interest_loan
snapshot_borrow_interest(const struct snapshot *snapshot,
			 const struct buyer *buyer)
{
	struct interest_loan loan = { buyer->interest, NULL };

	if (loan.interest)
		return loan;
	loan.entry = interest_cache_borrow(snapshot->interests, buyer->profile);
	loan.interest = interest_entry_interest(loan.entry);
	return loan;
}

void
snapshot_return_interest(const struct snapshot *snapshot,
			 const struct interest_loan *loan)
{
	if (loan->entry)
		interest_cache_return(snapshot->interests, loan->entry);
}

struct buyer *
snapshot_adopt(struct snapshot *snapshot, struct profile *profile)
{
	struct buyer *buyer = g_new0(struct buyer, 1);

	buyer->profile = profile;
	g_ptr_array_add(snapshot->buyers, buyer);
	if (!g_hash_table_contains(snapshot->by_id, profile->id))
		g_hash_table_insert(snapshot->by_id, profile->id, buyer);
	for (guint i = 0; profile->addresses[i]; i++)
		/* They are keys already, as address_key() makes them. */
		g_hash_table_insert(snapshot->by_address,
				    g_strdup(profile->addresses[i]), buyer);
	return buyer;
}
