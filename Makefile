# Pitchward: a buyer's mail guard. `make help` lists what can be made.

## all            the programs, in build/bin/ (the default)
## demo           a private Postfix, the milter and the pages on loopback, real-looking mail
## check          every test; ends with "N passed, N failed, N skipped"
## lint           clang-format, clang-tidy, cppcheck, shellcheck, house rules
## models         train the shipped models again from what the repository holds
## eval           measure them on authors and buyers they had not seen
## learning       what a few labels teach buyers that the starter had not seen
## soak           the siege: faults, crowds, reloads and SOAK_MINUTES=60 of mail (as root)
## bench          speed beside its peers: build/bench/report.html (BENCH_QUICK=1)
## fuzz           libFuzzer on every parser: an hour each; FUZZ_SECONDS=60 for a look,
##                FUZZ_JOBS of them side by side, FUZZ_TARGETS to choose
## deps           install what building needs (as root)
## install        to prefix=/usr/local, sysconfdir=/etc, apparmordir=/etc/apparmor.d (and
##                DESTDIR before each); uninstall with the same takes it away
## deb            Debian packages, in build/deb/ (DEB_VERSION=... for another version)
## deb-check      install, boot, upgrade and purge them in a clean Debian 12 (as root)
## sbom           what the programs are made of: build/sbom.spdx.json (SPDX 2.3)
## clean          remove build/
## Options: V=1 shows commands; SAN=asan or SAN=tsan builds side by side.

VERSION = 0.1.0
prefix ?= /usr/local
bindir ?= $(prefix)/bin
sbindir ?= $(prefix)/sbin
datadir ?= $(prefix)/share
mandir ?= $(datadir)/man
docdir ?= $(datadir)/doc/pitchward
sysconfdir ?= /etc
unitdir ?= $(prefix)/lib/systemd/system
apparmordir ?= $(sysconfdir)/apparmor.d
INSTALL ?= install

SAN ?=
BUILD ?= build$(if $(SAN),/$(SAN))
V ?=
Q = $(if $(V),,@)
say = $(if $(V),,@printf '  %-5s %s\n' $(1) $(2);)

ifeq ($(origin CC),default)
CC = gcc
endif
PACKAGES = glib-2.0 gmime-3.0 libxml-2.0 libpsl sqlite3 libpq libzstd jansson \
	libcurl yaml-0.1 libsystemd libxxhash libmicrohttpd
# These targets must run before the packages are there.
BARE_GOALS = help clean deps demo check deb
ifneq ($(filter-out $(BARE_GOALS),$(or $(MAKECMDGOALS),all)),)
PKG_CFLAGS := $(shell pkg-config --cflags $(PACKAGES) | sed 's/-I/-isystem /g')
PKG_LIBS := $(shell pkg-config --libs $(PACKAGES))
endif
LIBS = $(PKG_LIBS) -lmilter -lsvm -lstemmer -lpthread -lm

WARN = -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wwrite-strings -Wpointer-arith -Wcast-qual \
	-Wformat=2 -Wundef -Wvla -Wswitch-enum -Wconversion $(if $(CI),-Werror)
HARDEN = -fstack-protector-strong -fPIE -fvisibility=hidden
OPTIMISE = -O2 -g $(if $(SAN),,-D_FORTIFY_SOURCE=2)
SAN_asan = -fsanitize=address,undefined -fno-sanitize-recover=undefined \
	-fno-omit-frame-pointer
SAN_tsan = -fsanitize=thread
SANFLAGS = $(SAN_$(SAN))
DEFS = -D_GNU_SOURCE -DPITCHWARD_VERSION='"$(VERSION)"' \
	-DPITCHWARD_MODELS='"$(datadir)/pitchward/models"' \
	-DPITCHWARD_CONF='"$(sysconfdir)/pitchward/pitchward.yaml"'
INCLUDES = -Iinclude -I$(BUILD)/include
CFLAGS ?=
LDFLAGS ?=
ALL_CFLAGS = -std=c17 $(DEFS) $(INCLUDES) $(WARN) $(HARDEN) $(OPTIMISE) \
	$(SANFLAGS) $(PKG_CFLAGS) -MMD -MP $(CFLAGS)
ALL_LDFLAGS = -pie -Wl,-z,relro,-z,now -Wl,--as-needed $(SANFLAGS) $(LDFLAGS)

PROGRAMS = pitchward pitchward-milter pitchward-web
LIB_SRC := $(filter-out src/milter/main.c src/cli/main.c src/web/main.c,$(wildcard src/*/*.c))
LIB_OBJ := $(LIB_SRC:%.c=$(BUILD)/%.o)
MAIN_OBJ := $(patsubst %,$(BUILD)/src/%/main.o,cli milter web)
TEST_SRC := $(wildcard tests/unit/test_*.c)
TESTS := $(TEST_SRC:tests/unit/%.c=$(BUILD)/tests/%)
KIT_OBJ := $(patsubst %.c,$(BUILD)/%.o,$(filter-out %_preload.c,$(wildcard tests/lib/*.c)))
FUZZ := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
EMBEDDED := $(patsubst %,$(BUILD)/include/embedded/%.h,signals roles templates wiring static)

all: $(PROGRAMS:%=$(BUILD)/bin/%)

help:
	@sed -n 's/^## //p' Makefile

# --- building ---------------------------------------------------------------

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(ALL_CFLAGS) -c -o $@ $<

$(LIB_OBJ) $(MAIN_OBJ): | $(EMBEDDED)

# Programs know where they are installed, and their version: what has these in
# it is compiled again.
PLACES = $(datadir) $(sysconfdir) $(VERSION)
PLACED := $(shell grep -lE 'PITCHWARD_(MODELS|CONF|VERSION)' src/*/*.c)
$(PLACED:%.c=$(BUILD)/%.o): $(BUILD)/places
$(BUILD)/places: FORCE
	@mkdir -p $(@D)
	@echo '$(PLACES)' | cmp -s - $@ || echo '$(PLACES)' >$@

$(BUILD)/include/embedded/signals.h: conf/signals.yaml
$(BUILD)/include/embedded/roles.h: $(wildcard src/profile/templates/roles/*.yaml)
$(BUILD)/include/embedded/templates.h: $(wildcard src/profile/templates/*.yaml)
$(BUILD)/include/embedded/wiring.h: $(wildcard contrib/postfix/m*.cf) contrib/sendmail/pitchward.mc
$(BUILD)/include/embedded/static.h: $(wildcard src/web/static/*)
$(EMBEDDED): src/profile/embed.sh
	@mkdir -p $(@D)
	$(call say,EMBED,$@)sh src/profile/embed.sh $(basename $(@F))_files \
		$(filter-out %.sh,$^) >$@.tmp && mv $@.tmp $@

$(BUILD)/libpitchward.a: $(LIB_OBJ)
	$(call say,AR,$@)rm -f $@ && $(AR) rcs $@ $^

LINK = $(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/bin/pitchward: $(BUILD)/src/cli/main.o $(BUILD)/libpitchward.a
	@mkdir -p $(@D)
	$(call say,LINK,$@)$(LINK)

$(BUILD)/bin/pitchward-milter: $(BUILD)/src/milter/main.o $(BUILD)/libpitchward.a
	@mkdir -p $(@D)
	$(call say,LINK,$@)$(LINK)

$(BUILD)/bin/pitchward-web: $(BUILD)/src/web/main.o $(BUILD)/libpitchward.a
	@mkdir -p $(@D)
	$(call say,LINK,$@)$(LINK)

$(BUILD)/tests/%: $(BUILD)/tests/unit/%.o $(KIT_OBJ) $(BUILD)/libpitchward.a
	@mkdir -p $(@D)
	$(call say,LINK,$@)$(LINK)

$(BUILD)/tests/replay_%: $(BUILD)/tests/fuzz/fuzz_%.o $(BUILD)/tests/fuzz/replay.o \
		$(BUILD)/libpitchward.a
	@mkdir -p $(@D)
	$(call say,LINK,$@)$(LINK)

# What test_differential.sh holds against Python's reading of the same mail.
$(BUILD)/tests/visible: $(BUILD)/tests/differential/visible.o $(BUILD)/libpitchward.a
	@mkdir -p $(@D)
	$(call say,LINK,$@)$(LINK)

$(BUILD)/bench/plant: $(BUILD)/tests/bench/plant.o $(KIT_OBJ) $(BUILD)/libpitchward.a
	@mkdir -p $(@D)
	$(call say,LINK,$@)$(LINK)

$(BUILD)/bench/%: tests/bench/%.c
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) -O2 -w -o $@ $< -lmilter -lpthread

tests-build: $(TESTS) $(FUZZ:%=$(BUILD)/tests/replay_%)
bench-build: $(BUILD)/bench/milter-load $(BUILD)/bench/nullmilter \
	$(BUILD)/bench/floormilter $(BUILD)/bench/plant

# --- models -----------------------------------------------------------------

CORPUS = tests/corpus/authored models/real.features
# The day the shipped models are dated; the same data gives the same bytes.
MODELS_EPOCH = 1795305600

models: all
	SOURCE_DATE_EPOCH=$(MODELS_EPOCH) $(BUILD)/bin/pitchward train --starter \
		--out models $(CORPUS)
	$(BUILD)/bin/pitchward train --golden models/golden.imprints \
		--models models $(CORPUS)

# What a few labels teach buyers that the starter had not seen.
learning: $(BUILD)/bench/learning
	$(BUILD)/bench/learning

$(BUILD)/bench/learning $(BUILD)/bench/sizing: $(BUILD)/bench/%: $(BUILD)/tests/bench/%.o \
		$(BUILD)/libpitchward.a
	@mkdir -p $(@D)
	$(call say,LINK,$@)$(LINK)

eval: all
	SOURCE_DATE_EPOCH=$(MODELS_EPOCH) $(BUILD)/bin/pitchward eval --unseen \
		--report $(BUILD)/eval.html $(CORPUS)

# --- checking ---------------------------------------------------------------

deps:
	@sh tests/lib/deps.sh build

demo:
	@sh tests/demo.sh

check:
	@sh tests/check.sh

lint: $(EMBEDDED)
	@sh tests/lib/lint.sh '$(INCLUDES) $(PKG_CFLAGS)'

fuzz: $(EMBEDDED)
	@LIBS='$(LIBS)' sh tests/fuzz/run.sh $(or $(FUZZ_TARGETS),$(FUZZ))

bench: all bench-build
	@BUILD='$(BUILD)' sh tests/bench/run.sh

soak: all
	@BUILD='$(BUILD)' sh tests/siege/soak.sh

# --- installing -------------------------------------------------------------

SHIPPED = $(datadir)/pitchward/models
STARTERS = outreach relevance
DOCUMENTS = README.md ARCHITECTURE.md CHANGELOG.md LICENSE SECURITY.md
CONTRIBUTED = postfix sendmail dovecot grafana prometheus

# Units, AppArmor's profiles and what people read name the places; the latter
# are written for the defaults.
FILL = sed -e 's|/usr/local/bin/|@bindir@/|g; s|/usr/local/sbin/|@sbindir@/|g' \
	-e 's|/usr/local/share/doc/pitchward|@docdir@|g; s|/usr/local/share/|@datadir@/|g' \
	-e 's|/etc/pitchward|@sysconfdir@/pitchward|g' \
	-e 's|@bindir@|$(bindir)|g; s|@sbindir@|$(sbindir)|g; s|@docdir@|$(docdir)|g' \
	-e 's|@datadir@|$(datadir)|g; s|@sysconfdir@|$(sysconfdir)|g'
CONFINED = abstractions/pitchward pitchward pitchward-milter pitchward-web

# No configuration: `pitchward init` writes one, with a first profile.
# A link in the way goes, and what it leads to stays as it is.
install: all
	for place in $(DESTDIR)$(SHIPPED) $(STARTERS:%=$(DESTDIR)$(SHIPPED)/%); do \
		if [ -L $$place ]; then rm -f $$place || exit; fi; \
	done
	$(INSTALL) -d $(addprefix $(DESTDIR),$(bindir) $(sbindir) $(unitdir) \
		$(docdir) $(mandir)/man1 $(mandir)/man5 $(mandir)/man7 $(mandir)/man8 \
		$(sysconfdir)/pitchward/profiles.d $(STARTERS:%=$(SHIPPED)/%))
	$(INSTALL) $(BUILD)/bin/pitchward $(DESTDIR)$(bindir)/
	$(INSTALL) $(BUILD)/bin/pitchward-milter $(BUILD)/bin/pitchward-web \
		$(DESTDIR)$(sbindir)/
	for kind in $(STARTERS); do \
		$(INSTALL) -m 644 models/$$kind/* \
			$(DESTDIR)$(SHIPPED)/$$kind/ || exit; \
	done
	$(INSTALL) -m 644 models/golden.imprints $(DESTDIR)$(SHIPPED)/
	$(INSTALL) -m 644 contrib/man/*.1 $(DESTDIR)$(mandir)/man1/
	$(INSTALL) -m 644 contrib/man/*.5 $(DESTDIR)$(mandir)/man5/
	$(INSTALL) -m 644 contrib/man/*.7 $(DESTDIR)$(mandir)/man7/
	$(INSTALL) -m 644 contrib/man/*.8 $(DESTDIR)$(mandir)/man8/
	$(INSTALL) -m 644 $(DOCUMENTS) contrib/doc/LICENCES.md $(DESTDIR)$(docdir)/
	cp -R --remove-destination conf $(CONTRIBUTED:%=contrib/%) $(DESTDIR)$(docdir)/
	cd $(DESTDIR)$(docdir) && $(FILL) -i $(DOCUMENTS) $(DOCUMENT_TREES)
	$(FILL) -i $(MAN_PAGES)
	for unit in contrib/systemd/*; do \
		rm -f $(DESTDIR)$(unitdir)/$${unit##*/} && \
		$(FILL) $$unit >$(DESTDIR)$(unitdir)/$${unit##*/} || exit; \
	done
	$(INSTALL) -d $(DESTDIR)$(apparmordir)/abstractions
	cd contrib/apparmor && for profile in $(CONFINED); do \
		rm -f $(DESTDIR)$(apparmordir)/$$profile && \
		$(FILL) $$profile >$(DESTDIR)$(apparmordir)/$$profile || exit; \
	done

DOCUMENT_TREES = $(shell find conf -type f) \
	$(shell cd contrib && find $(CONTRIBUTED) -type f)
MAN_PAGES = $(foreach s,1 5 7 8,$(patsubst contrib/man/%,$(DESTDIR)$(mandir)/man$(s)/%,$(wildcard contrib/man/*.$(s))))
STARTER_FILES = $(notdir $(wildcard models/relevance/* models/outreach/*))

# What install put there; configuration and what the programs wrote stay.
# A link is none of it, nor is what it leads to.
uninstall:
	rm -f $(DESTDIR)$(bindir)/pitchward \
		$(DESTDIR)$(sbindir)/pitchward-milter $(DESTDIR)$(sbindir)/pitchward-web
	rm -f $(patsubst contrib/systemd/%,$(DESTDIR)$(unitdir)/%,$(wildcard contrib/systemd/*))
	rm -f $(CONFINED:%=$(DESTDIR)$(apparmordir)/%)
	rmdir $(DESTDIR)$(apparmordir)/abstractions $(DESTDIR)$(apparmordir) 2>/dev/null || :
	rmdir $(DESTDIR)$(sysconfdir)/pitchward/profiles.d $(DESTDIR)$(sysconfdir)/pitchward 2>/dev/null || :
	rm -f $(MAN_PAGES)
	if [ -d $(DESTDIR)$(docdir) ]; then \
		cd $(DESTDIR)$(docdir) && rm -f $(DOCUMENTS) LICENCES.md $(DOCUMENT_TREES) && \
		find $(DESTDIR)$(docdir) -depth -type d -empty -delete; \
	fi
	if [ ! -L $(DESTDIR)$(SHIPPED) ] && [ -d $(DESTDIR)$(SHIPPED) ]; then \
		cd $(DESTDIR)$(SHIPPED) && rm -f golden.imprints || exit; \
		for kind in $(STARTERS); do \
			[ -L $$kind ] || rm -f $(STARTER_FILES:%=$$kind/%) || exit; \
		done; \
		find $(DESTDIR)$(datadir)/pitchward -depth -type d -empty -delete; \
	fi

# --- packages ---------------------------------------------------------------

export DEB_VERSION DEB_OBJECTS DEB_OUT
deb:
	@BUILD='$(abspath $(BUILD))' sh contrib/debian/make-deb.sh

deb-check: all
	@BUILD='$(abspath $(BUILD))' sh tests/deb/check.sh

# Dated as the shipped models are, unless the environment says otherwise.
sbom: all
	@SOURCE_DATE_EPOCH=$${SOURCE_DATE_EPOCH:-$(MODELS_EPOCH)} python3 contrib/doc/sbom.py $(VERSION) \
		contrib/doc/LICENCES.md $(PROGRAMS:%=$(BUILD)/bin/%) >$(BUILD)/sbom.spdx.json.new
	@mv $(BUILD)/sbom.spdx.json.new $(BUILD)/sbom.spdx.json && echo $(BUILD)/sbom.spdx.json

clean:
	rm -rf build

.PHONY: FORCE all help deps demo check lint fuzz soak bench bench-build tests-build \
	models learning eval install uninstall deb deb-check sbom clean
.SECONDARY:

-include $(wildcard $(BUILD)/src/*/*.d $(BUILD)/tests/*/*.d)
