// SPDX-License-Identifier: Apache-2.0
// The console's view of discussions: readable at every size and in both languages; the filter and the wish do what they say.
#include <algorithm>

#include "clinician/between/wishes.h"
#include "corpus_fixture.h"
#include "work_view_checks.h"

using namespace accalmie;
using namespace accalmie::between;
using namespace accalmie::records;
using namespace accalmie::records::test;
using namespace accalmie::test;

namespace {

const std::string kRoot = ACCALMIE_SOURCE_DIR;

struct Shown {
    CorpusStudy corpus;
    std::optional<Account> account = corpus.clinician;
    WorkContext context{corpus.study, kRoot, account};
};

bool says(Frames& frames, const std::string& words) {
    return std::ranges::any_of(frames.ui().items(), [&](const Item& item) { return item.label.contains(words); });
}

struct Open {
    Frames frames{"en", 1600, 900, 1};
    WorkbenchState state;
    explicit Open(const WorkContext& context) {
        REQUIRE(state.show("corpus"));
        load_shown(context, state);
        step_workbench(frames, context, state, 2);
    }
};

}  // namespace

TEST_CASE("the corpus view reads well in both languages: empty, full, with wishes, with a filter that finds nothing") {
    Shown shown;
    check_work_view(shown.context, "corpus");
    must(import_corpus(shown.corpus.study, *shown.account, kDiscussions));
    check_work_view(shown.context, "corpus", [&](Frames& frames, WorkbenchState& state) { click_in_workbench(frames, shown.context, state, "corpus.theme_santé et virus"); });
    for (const char* theme : {"achat", "santé et virus", "humeur et anxiété", "retour des sorties", "accès aux traitements de substitution", "évolution de la consommation"})
        must(make_wish(shown.corpus.study, *shown.account, "corpus", theme, "Le thème compte beaucoup, et une scène permettrait de s’exercer à refuser dans le calme."));
    check_work_view(shown.context, "corpus");
    check_work_view(shown.context, "corpus", [&](Frames& frames, WorkbenchState& state) {
        click_in_workbench(frames, shown.context, state, "corpus.words");
        type_in_workbench(frames, shown.context, state, "couture");
        click_in_workbench(frames, shown.context, state, "corpus.filter");
    });
}

TEST_CASE("a corpus of many themes, large numbers and long words still reads well") {
    Shown shown;
    std::string file = "forum,title,date,views,counted,theme,product,status,author\n";
    for (int i = 0; i < 60; ++i)
        file += std::format("F,Covid {},2020-{:02}-02,{},2021-07-08,un thème dont le nom est long et ne tient pas sur une ligne {},,new,author{}\n", i, 1 + i % 12, i % 7 * 99'999'999'999, i % 40, i);
    write_bytes(shown.corpus.folder / "d.csv", file);
    must(import_corpus(shown.corpus.study, *shown.account, shown.corpus.folder / "d.csv"));
    check_work_view(shown.context, "corpus");
    check_work_view(shown.context, "corpus", [&](Frames& frames, WorkbenchState& state) { click_in_workbench(frames, shown.context, state, "corpus.next"); });
}

TEST_CASE("the view says that the most discussed is not the most read, and counts by the words that were typed") {
    Shown shown;
    must(import_corpus(shown.corpus.study, *shown.account, kDiscussions));
    Open open(shown.context);
    CHECK(says(open.frames, "Most discussed: évolution de la consommation (11). Most read: achat (141,556 views)."));
    CHECK(says(open.frames, "100 of 120 discussions"));
    click_in_workbench(open.frames, shown.context, open.state, "corpus.words");
    type_in_workbench(open.frames, shown.context, open.state, "quarantaine");
    click_in_workbench(open.frames, shown.context, open.state, "corpus.filter");
    CHECK_FALSE(says(open.frames, "100 of 120"));
    CHECK(says(open.frames, "of 120 discussions"));
    click_in_workbench(open.frames, shown.context, open.state, "corpus.epidemic");
    CHECK(says(open.frames, "100 of 120 discussions"));
    CHECK(open.state.problem == "");
}

TEST_CASE("a theme that is chosen and has a reason becomes a wish, once") {
    Shown shown;
    must(import_corpus(shown.corpus.study, *shown.account, kDiscussions));
    Open open(shown.context);
    click_in_workbench(open.frames, shown.context, open.state, "corpus.theme_santé et virus");
    CHECK_FALSE(open.frames.ui().find("corpus.wish")->enabled);
    click_in_workbench(open.frames, shown.context, open.state, "corpus.why");
    type_in_workbench(open.frames, shown.context, open.state, "read a lot");
    click_in_workbench(open.frames, shown.context, open.state, "corpus.wish");
    const auto wishes = must(read_wishes(shown.corpus.study));
    REQUIRE(wishes.size() == 1);
    CHECK(wishes[0].theme == "santé et virus");
    CHECK(wishes[0].why == "read a lot");
    CHECK(wishes[0].by == "a.martin");
    CHECK(says(open.frames, "Wished for already (W0001)"));
    CHECK_FALSE(open.frames.ui().find("corpus.wish")->enabled);
}

TEST_CASE("who studies discussions alone sees no wish out of a diary; a nurse and an assessor see nothing") {
    Shown shown;
    must(import_corpus(shown.corpus.study, *shown.account, kDiscussions));
    must(make_wish(shown.corpus.study, *shown.account, "diary", "la cuisine le soir", "heure à risque"));
    {
        Open open(shown.context);
        CHECK(says(open.frames, "la cuisine le soir"));
    }
    shown.account = shown.corpus.researcher;
    {
        Open open(shown.context);
        CHECK_FALSE(says(open.frames, "la cuisine le soir"));
    }
    for (const Account& account : {shown.corpus.nurse, shown.corpus.assessor}) {
        shown.account = account;
        Open open(shown.context);
        CHECK(open.frames.ui().find("corpus.words") == nullptr);
        CHECK_FALSE(says(open.frames, "achat"));
    }
}
