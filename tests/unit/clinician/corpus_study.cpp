// SPDX-License-Identifier: Apache-2.0
// The founding abstract's figures out of the invented collection; handles that never arrive; wishes.
#include <algorithm>

#include "clinician/between/corpus/chosen.h"
#include "clinician/between/corpus/counts.h"
#include "clinician/between/wishes.h"
#include "clinician/exports/corpus_tables.h"
#include "corpus_fixture.h"

using namespace accalmie;
using namespace accalmie::between;
using namespace accalmie::records;
using namespace accalmie::records::test;
using accalmie::test::CorpusStudy;
using accalmie::test::kDiscussions;

namespace {

bool finds(const std::string& list, const std::string& title) { return TitleWords(split_words(list)).in(title); }
bool epidemic(const std::string& title) { return TitleWords(epidemic_words()).in(title); }

Count row(const CountTable& table, const std::string& key) {
    const auto found = std::ranges::find(table.rows, key, &Count::key);
    INFO(key);
    REQUIRE(found != table.rows.end());
    return *found;
}

}  // namespace

TEST_CASE("the sample has the abstract's figures: 100 discussions, 11 on the change of consumption, 141 556 views on buying") {
    CorpusStudy s;
    must(import_corpus(s.study, s.researcher, kDiscussions));
    const auto chosen = must(choose_threads(must(read_corpora(s.study)), {}, epidemic_words()));
    CHECK(chosen.of == 120);
    CHECK(chosen.threads.size() == 100);
    const CountTable themes = count_threads(chosen.threads, CountBy::theme);
    const Count change = row(themes, "évolution de la consommation"), buying = row(themes, "achat"), treatment = row(themes, "accès aux traitements de substitution");
    CHECK(change.threads == 11);
    CHECK(change.rank_threads == 1);
    CHECK(std::ranges::count(themes.rows, 1, &Count::rank_threads) == 1);
    CHECK(buying.views == 141'556);
    CHECK(buying.rank_views == 1);
    CHECK(buying.rank_threads > 1);
    CHECK(change.rank_views > 1);
    CHECK(treatment.threads < change.threads);
    CHECK(treatment.rank_views == static_cast<int>(themes.rows.size()));
    CHECK(treatment.share_by_new == std::ranges::max(themes.rows, {}, &Count::share_by_new).share_by_new);
    CHECK(treatment.share_by_new > 0.5);
    CHECK(static_cast<double>(themes.by_new) / 100 < 0.35);
    CHECK(themes.counted_first == "2020-07-08");
    CHECK(themes.counted_last == "2020-07-15");
    CHECK(count_threads(chosen.threads, CountBy::forum).rows.size() == 2);
    CHECK(count_threads(chosen.threads, CountBy::status).rows.size() == 3);
}

TEST_CASE("every way of counting counts every discussion and every view once") {
    CorpusStudy s;
    must(import_corpus(s.study, s.researcher, kDiscussions));
    const auto corpora = must(read_corpora(s.study));
    for (const auto* by : {"theme", "product", "status", "forum", "week"}) {
        const CountTable table = count_threads(corpora.front().threads, *count_by(by));
        std::size_t threads = 0;
        std::int64_t views = 0;
        double share = 0;
        for (const Count& each : table.rows) {
            threads += each.threads;
            views += each.views;
            share += each.share;
        }
        INFO(by);
        CHECK(threads == 120);
        CHECK(views == table.views);
        CHECK(std::abs(share - 1) < 1e-9);
    }
    CHECK_FALSE(count_by("author").has_value());
}

TEST_CASE("equals share a rank, and weeks without a discussion are rows too") {
    const auto thread = [](const char* date, std::int64_t views) { return Thread{.id = "", .forum = "", .title = "", .date = date, .counted = "2021-07-08", .theme = date, .product = "", .views = views, .author = ""}; };
    const std::vector<Thread> threads{thread("2020-12-28", 5), thread("2021-01-18", 5), thread("2020-12-31", 9)};
    const CountTable weeks = count_threads(threads, CountBy::week);
    REQUIRE(weeks.rows.size() == 4);
    CHECK(weeks.rows[0].key == "2020-W53");
    CHECK(weeks.rows[0].threads == 2);
    CHECK(weeks.rows[1].key == "2021-W01");
    CHECK(weeks.rows[1].threads == 0);
    CHECK(weeks.rows[3].key == "2021-W03");
    const CountTable themes = count_threads(threads, CountBy::theme);
    CHECK(themes.rows[0].rank_views == 1);
    CHECK(themes.rows[1].rank_views == 2);
    CHECK(themes.rows[2].rank_views == 2);
    CHECK(count_threads({}, CountBy::week).rows.empty());
    const std::vector<Thread> apart{thread("1980-01-01", 1), thread("2200-01-01", 1)};
    CHECK(count_threads(apart, CountBy::week).rows.size() == 2);
}

TEST_CASE("a word of the epidemic is found in every spelling, and not inside other words") {
    for (const char* title : {"Confinement", "CONFINÉE chez moi", "fin du dé-confinement ?", "DÉCONFINEMENT", "de\u0301confinement", "Deconfinement", "Covid-19", "covid 19", "COVID19", "le covid",
                              "Covid‑19 et tabac", "Coronavirus", "Corona virus", "Quarantaines", "Epidémie", "l’épidémie", "Pandémie", "SARS-CoV-2", "SARS CoV 2", "Lockdown blues",
                              "In quarantine", "Self-isolating", "crise  sanitaire"}) {
        INFO(title);
        CHECK(epidemic(title));
    }
    for (const char* title : {"Aux confins du monde", "Coronaires", "Ovide", "Sanitaire", "Week-end", "", "---", "Quarante ans", "endémique"}) {
        INFO(title);
        CHECK_FALSE(epidemic(title));
    }
    for (const char* language : {"fr", "en"})
        for (const std::string_view word : epidemic_words(language)) CHECK(std::ranges::contains(epidemic_words(), word));
    CHECK(epidemic_words("de").empty());
}

TEST_CASE("own words replace the list; a star stands for the rest of a word only") {
    CHECK(finds("tabac", "Le TABAC, encore"));
    CHECK(finds("tabac", "Les tabacs"));
    CHECK_FALSE(finds("tabac", "tabacologue"));
    CHECK(finds(" x , tabac*", "tabacologue"));
    CHECK_FALSE(finds("confiné*", "déconfinement"));
    CHECK(finds("premier verre", "Mon premier-verre"));
    CHECK(finds("", "any title"));
    CHECK(split_words(" a,, b ,").size() == 2);
    CHECK_FALSE(choose_threads({Corpus{}}, {}, {"--", "*"}).has_value());
    CHECK_FALSE(choose_threads({}, {}, {}).has_value());
    CHECK_FALSE(choose_threads({Corpus{}}, "C777", {}).has_value());
}

TEST_CASE("no handle of the sample is in the study's rows or in what is exported") {
    CorpusStudy s;
    const auto imported = must(import_corpus(s.study, s.researcher, kDiscussions));
    CHECK(imported.titles_changed == 1);
    std::string kept = s.payloads();
    for (const auto& table : must(exports::corpus_tables(s.study))) kept += table.csv();
    const auto handles = accalmie::test::handles_of_sample();
    REQUIRE(handles.size() > 50);
    for (const std::string& handle : handles) {
        INFO(handle);
        CHECK_FALSE(kept.contains(handle));
    }
    CHECK(kept.contains("Merci à A"));  // the title that names an author has the code
}

TEST_CASE("codes tell authors apart within an import and say nothing across two") {
    CorpusStudy s;
    const auto imported = must(import_corpus(s.study, s.researcher, kDiscussions));
    const std::string again = s.folder / "again.csv";
    write_bytes(again, bytes_of(kDiscussions) + "\n");
    must(import_corpus(s.study, s.researcher, again, "again"));
    const auto corpora = must(read_corpora(s.study));
    REQUIRE(corpora.size() == 2);
    const auto source = must(parse_threads(bytes_of(kDiscussions), "d.csv"));
    std::set<std::pair<std::string, std::string>> people;
    std::set<std::string> codes, others;
    for (std::size_t i = 0; i < source.size(); ++i) {
        people.emplace(source[i].thread.forum, source[i].handle);
        codes.insert(corpora[0].threads[i].author);
        others.insert(corpora[1].threads[i].author);
        for (std::size_t k = 0; k < i; ++k) {
            const bool same = source[i].thread.forum == source[k].thread.forum && source[i].handle == source[k].handle;
            if ((corpora[0].threads[i].author == corpora[0].threads[k].author) != same) FAIL(i << " " << k);
        }
    }
    CHECK(codes.size() == people.size());
    CHECK(imported.authors == people.size());
    for (const std::string& code : codes) CHECK_FALSE(others.contains(code));
}

TEST_CASE("handles are replaced in titles whatever stands around them, and the rest of the title stays") {
    CorpusStudy s;
    const std::string file = s.folder / "d.csv";
    write_bytes(file, "forum,title,date,views,counted,theme,product,status,author\n"
                      "F,Merci @Brume_7 pour l’aide d’Épi.9.,2020-04-02,1,2020-07-08,a,,new,brume_7\nF,«\u202Fepi.9\u202F» et brume_77,2020-04-02,1,2020-07-08,a,,new,Épi.9\n"
                      "F,Ab est court,2020-04-02,1,2020-07-08,a,,new,Ab\n");
    CHECK(must(import_corpus(s.study, s.researcher, file)).titles_changed == 2);
    const auto threads = must(read_corpora(s.study)).front().threads;
    CHECK(threads[0].title == "Merci @" + threads[0].author + " pour l’aide d’" + threads[1].author + ".");
    CHECK(threads[1].title == "«\u202F" + threads[1].author + "\u202F» et brume_77");
    CHECK(threads[2].title == "Ab est court");
}

TEST_CASE("an import is all or nothing, needs the right, and is taken once") {
    CorpusStudy s;
    const std::size_t before = s.rows();
    const std::string broken = s.folder / "broken.csv";
    write_bytes(broken, bytes_of(kDiscussions) + "Halte-Parole,Covid,2020-04-02,x,2020-07-08,achat,,new,brume\n");
    const auto refused = import_corpus(s.study, s.researcher, broken);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().line == 122);
    for (const Account* account : {&s.nurse, &s.assessor}) CHECK_FALSE(import_corpus(s.study, *account, kDiscussions).has_value());
    CHECK_FALSE(import_corpus(s.study, s.researcher, kDiscussions, "a name").has_value());
    CHECK_FALSE(import_corpus(s.study, s.researcher, s.folder / "none.csv").has_value());
    CHECK(s.rows() == before);
    CHECK(must(import_corpus(s.study, s.researcher, kDiscussions)).id == "C001");
    CHECK(s.rows() == before + 121);
    const auto twice = import_corpus(s.study, s.clinician, kDiscussions, "other");
    REQUIRE_FALSE(twice.has_value());
    CHECK(twice.error().message.contains("imported before, as C001 by data"));
    CHECK(s.rows() == before + 121);
    CHECK(must(verify(s.folder / "study", key_of(7))).ok);
}

TEST_CASE("the export tells index fields and themes, no titles, and the same figures as the screen") {
    CorpusStudy s;
    must(import_corpus(s.study, s.researcher, kDiscussions));
    const auto tables = must(exports::corpus_tables(s.study));
    REQUIRE(tables.size() == 2);
    CHECK(tables[0].rows() == 120);
    CHECK(tables[1].rows() == 11);
    for (const auto& table : tables) CHECK(table.whole());
    CHECK(tables[1].csv().contains("C001,évolution de la consommation,11,0.11,58214,"));
    CHECK(tables[1].csv().contains("C001,achat,9,0.09,141556,"));
    CHECK_FALSE(tables[0].csv().contains("Télétravail"));
    CHECK(tables[0].csv().contains(",cannabis,regular,A"));
    CHECK(must(exports::corpus_tables(CorpusStudy().study))[0].rows() == 0);
}

TEST_CASE("a theme is wished for once from one place, by somebody who may, with a reason") {
    CorpusStudy s;
    must(import_corpus(s.study, s.researcher, kDiscussions));
    const auto corpora = must(read_corpora(s.study));
    CHECK(must(known_theme(corpora, "ACHAT")) == "achat");
    const auto unknown = known_theme(corpora, "couture");
    REQUIRE_FALSE(unknown.has_value());
    CHECK(unknown.error().hint.contains("achat"));
    CHECK(must(make_wish(s.study, s.researcher, "corpus", "achat", "le plus lu")).id == "W0001");
    CHECK_FALSE(make_wish(s.study, s.clinician, "corpus", " Achat", "encore").has_value());
    CHECK(must(make_wish(s.study, s.clinician, "diary", "achat", "le samedi soir")).id == "W0002");
    CHECK_FALSE(make_wish(s.study, s.researcher, "diary", "cuisine", "le soir").has_value());
    CHECK_FALSE(make_wish(s.study, s.nurse, "corpus", "santé et virus", "x").has_value());
    CHECK_FALSE(make_wish(s.study, s.clinician, "elsewhere", "santé et virus", "x").has_value());
    CHECK_FALSE(make_wish(s.study, s.clinician, "corpus", "santé et virus", " \n").has_value());
    CHECK_FALSE(make_wish(s.study, s.clinician, "corpus", "santé et virus", std::string(kLongestWhy + 1, 'x')).has_value());
    CHECK_FALSE(make_wish(s.study, s.clinician, "corpus", "\xFF", "x").has_value());
    const auto wishes = must(read_wishes(s.study));
    REQUIRE(wishes.size() == 2);
    CHECK(wishes[0].by == "data");
    CHECK(wishes[0].why == "le plus lu");
    CHECK(wishes[1].from == "diary");
}
