// SPDX-License-Identifier: Apache-2.0
// Collected discussions: counted by theme beside how often they were read, so that one sees that the two are not the same; a wish for a scene.
#include <algorithm>
#include <cmath>
#include <format>
#include <utility>

#include "clinician/between/corpus/chosen.h"
#include "clinician/between/corpus/counts.h"
#include "clinician/between/folded_text.h"
#include "clinician/between/wishes.h"
#include "clinician/console/work_view.h"

namespace accalmie::console {
namespace {

using between::Count;
using between::CountTable;

std::string grouped(const Language& language, std::int64_t value) {
    std::string digits = std::to_string(value);
    for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, language.french() ? "\u202f" : ",");
    return digits;
}
std::string grouped(const Language& language, std::size_t value) { return grouped(language, static_cast<std::int64_t>(value)); }

std::string joined(const std::vector<std::string>& words) {
    std::string list;
    for (const std::string& word : words) list += (list.empty() ? "" : ", ") + word;
    return list;
}

// The columns of the chart, the same in its head and its rows.
struct Columns {
    Rect name, discussions, views, by_new;
    Columns(const Ui& ui, Rect row) {
        name = row.cut_left(row.width() * 0.30f, ui.px(10));
        by_new = row.cut_right(row.width() * 0.27f, ui.px(18));
        discussions = row.cut_left(row.width() * 0.42f, ui.px(18));
        views = row;
    }
};

class CorpusView : public WorkView {
public:
    std::string_view id() const override { return "corpus"; }
    records::Right right() const override { return records::Right::study_corpus; }
    Result<void> load(const WorkContext& context) override;
    void draw(Ui& ui, Rect place) override;
    Result<bool> act(const WorkContext& context) override;

private:
    Result<void> count();
    const Count* chosen() const;
    void draw_head(Ui& ui, Rect place);
    void draw_filter(Ui& ui, Rect place);
    void draw_themes(Ui& ui, Rect place);
    void draw_theme(Ui& ui, Rect row, const Count& theme);
    float room_for(const Ui& ui, std::int64_t number) const;
    void draw_bar(Ui& ui, Rect place, std::int64_t number, std::int64_t most, ImU32 fill, bool first) const;
    void draw_newcomers(Ui& ui, Rect place, const Count& theme) const;
    void draw_weeks(Ui& ui, Rect place) const;
    void draw_wish(Ui& ui, Rect place);
    void draw_wishes(Ui& ui, Rect place) const;

    std::vector<between::Corpus> corpora_;
    std::vector<between::Wish> wishes_;
    between::Chosen kept_;
    CountTable themes_, weeks_;
    std::string words_, applied_, chosen_, why_;  // words_: as typed; applied_: what was counted by
    std::size_t first_ = 0;
    bool filter_asked_ = false, wish_asked_ = false;
};

Result<void> CorpusView::load(const WorkContext& context) {
    auto corpora = between::read_corpora(context.study);
    if (!corpora) return std::unexpected(std::move(corpora.error()));
    auto wishes = between::read_wishes(context.study);
    if (!wishes) return std::unexpected(std::move(wishes.error()));
    corpora_ = std::move(*corpora);
    wishes_ = std::move(*wishes);
    // A wish out of a diary may tell of a patient: who studies discussions alone does not see it.
    if (!context.account || !records::may(context.account->role, records::Right::read_clinical)) std::erase_if(wishes_, [](const auto& each) { return each.from != "corpus"; });
    return count();
}

Result<void> CorpusView::count() {
    if (corpora_.empty()) return {};
    auto words = between::split_words(applied_);
    if (words.empty()) words = between::epidemic_words();
    auto kept = between::choose_threads(corpora_, {}, std::move(words));
    if (!kept) return std::unexpected(std::move(kept.error()));
    kept_ = std::move(*kept);
    themes_ = between::count_threads(kept_.threads, between::CountBy::theme);
    weeks_ = between::count_threads(kept_.threads, between::CountBy::week);
    first_ = 0;
    if (chosen() == nullptr) {
        const auto most_read = std::ranges::find(themes_.rows, 1, &Count::rank_views);
        chosen_ = most_read == themes_.rows.end() ? std::string() : most_read->key;
    }
    return {};
}

const Count* CorpusView::chosen() const {
    const auto found = std::ranges::find(themes_.rows, chosen_, &Count::key);
    return found == themes_.rows.end() ? nullptr : &*found;
}

Result<bool> CorpusView::act(const WorkContext& context) {
    if (filter_asked_) {
        filter_asked_ = false;
        const std::string before = std::exchange(applied_, words_);
        if (auto counted = count(); !counted) {
            applied_ = before;
            return std::unexpected(std::move(counted.error()));
        }
        return true;  // what went wrong before is over
    }
    if (!wish_asked_) return false;
    wish_asked_ = false;
    auto made = between::make_wish(context.study, *context.account, "corpus", chosen_, why_);
    if (!made) return std::unexpected(std::move(made.error()));
    why_.clear();
    return true;
}

void CorpusView::draw(Ui& ui, Rect place) {
    if (corpora_.empty()) {
        ui.surface(place, colour::panel, 14, colour::outline);
        Rect words = place.inset(ui.px(32), ui.px(28));
        ui.text(words.cut_top(ui.line(ui.fonts().title), ui.px(8)), ui.tr("corpus.empty"), {.font = ui.fonts().title});
        ui.text(words, ui.tr("corpus.empty_how"), {.ink = colour::ink_soft, .lines = 3});
        return;
    }
    const float gap = ui.px(14);
    draw_head(ui, place.cut_top(ui.px(128), gap));
    Rect right = place.cut_right(std::max(ui.px(360), place.width() * 0.29f), gap);
    draw_themes(ui, place);
    draw_weeks(ui, right.cut_top(right.height() * 0.33f, gap));
    draw_wish(ui, right);
}

void CorpusView::draw_head(Ui& ui, Rect place) {
    ui.surface(place, colour::panel, 14, colour::outline);
    Rect inner = place.inset(ui.px(20), ui.px(14));
    draw_filter(ui, inner.cut_right(inner.width() * 0.46f, ui.px(24)));
    const Language& language = ui.language();
    ui.text(inner.cut_top(ui.line(ui.fonts().title), ui.px(4)), ui.tr("corpus.title"), {.font = ui.fonts().title});
    const auto told = std::ranges::find(themes_.rows, 1, &Count::rank_threads), read = std::ranges::find(themes_.rows, 1, &Count::rank_views);
    if (told == themes_.rows.end()) {
        ui.text(inner, ui.tr("corpus.nothing"), {.ink = colour::yellow, .lines = 2});
        return;
    }
    const Language::Values values{{"told", told->key}, {"count", grouped(language, told->threads)}, {"read", read->key}, {"views", grouped(language, read->views)}};
    ui.text(inner.cut_bottom(ui.line(ui.fonts().small)),
            language.format("corpus.kept", {{"kept", grouped(language, themes_.threads)}, {"of", grouped(language, kept_.of)}, {"views", grouped(language, themes_.views)},
                                            {"first", themes_.counted_first}, {"last", themes_.counted_last}}),
            {.font = ui.fonts().small, .ink = colour::ink_soft, .ellipsis = true});
    ui.text(inner, told->rank_views == 1 ? language.format("corpus.headline_same", values) : language.format("corpus.headline", values),
            {.font = ui.fonts().strong, .lines = 2, .ellipsis = true});
}

void CorpusView::draw_filter(Ui& ui, Rect place) {
    Rect line = place.cut_top(ui.px(44), ui.px(8));
    const Rect reset = line.cut_right(ui.px(150), ui.px(8)), apply = line.cut_right(ui.px(90), ui.px(8));
    if (ui.field("corpus.words", ui.tr("corpus.words"), line, words_)) filter_asked_ = true;
    if (ui.button("corpus.filter", ui.tr("corpus.filter"), apply, Look::normal, words_ != applied_, Icon::none, true)) filter_asked_ = true;
    if (ui.button("corpus.epidemic", ui.tr("corpus.epidemic"), reset, Look::quiet, !words_.empty() || !applied_.empty(), Icon::none, true)) {
        words_.clear();
        filter_asked_ = true;
    }
    const TextStyle soft{.font = ui.fonts().small, .ink = colour::ink_soft, .lines = 2, .ellipsis = true};
    if (applied_.empty()) ui.text(place, ui.language().format("corpus.default_words", {{"words", joined(kept_.words)}}), soft);
    else ui.text(place, ui.tr("corpus.own_words"), soft);
}

void CorpusView::draw_themes(Ui& ui, Rect place) {
    ui.surface(place, colour::panel, 14, colour::outline);
    Rect inner = place.inset(ui.px(14), ui.px(12));
    Rect head = inner.cut_top(ui.line(ui.fonts().small_strong), ui.px(6));
    head = head.inset(ui.px(10), 0);
    const Columns columns(ui, head);
    const TextStyle strong{.font = ui.fonts().small_strong, .ink = colour::ink_soft, .ellipsis = true};
    ui.text(columns.name, ui.tr("corpus.theme"), strong);
    ui.text(columns.discussions, ui.tr("corpus.discussions"), strong);
    ui.text(columns.views, ui.tr("corpus.views"), strong);
    ui.text(columns.by_new, ui.tr("corpus.opened_by_new"), strong);
    const auto& rows = themes_.rows;
    const float least = ui.px(34), gap = ui.px(4);
    std::size_t fit = static_cast<std::size_t>(std::max(1.0f, std::floor(inner.height() / (least + gap))));
    Rect pages = inner;
    if (rows.size() > fit) {
        pages = inner.cut_bottom(ui.px(34), ui.px(8));
        fit = static_cast<std::size_t>(std::max(1.0f, std::floor(inner.height() / (least + gap))));
    }
    const float height = std::clamp(inner.height() / static_cast<float>(std::max<std::size_t>(1, std::min(fit, rows.size()))), least + gap, ui.px(56));
    const std::size_t end = std::min(rows.size(), first_ + fit);
    for (std::size_t i = first_; i < end; ++i) draw_theme(ui, inner.cut_top(height - gap, gap), rows[i]);
    if (rows.size() <= fit) return;
    if (ui.button("corpus.previous", ui.tr("corpus.previous"), pages.cut_left(ui.px(112)), Look::quiet, first_ > 0, Icon::none, true)) first_ -= std::min(first_, fit);
    if (ui.button("corpus.next", ui.tr("corpus.next"), pages.cut_right(ui.px(112)), Look::quiet, end < rows.size(), Icon::none, true)) first_ = end;
    ui.text({pages.x0, pages.center().y - ui.line(ui.fonts().small) / 2, pages.x1, pages.y1},
            ui.language().format("corpus.page", {{"from", std::to_string(first_ + 1)}, {"to", std::to_string(end)}, {"count", std::to_string(rows.size())}}),
            {.font = ui.fonts().small, .ink = colour::ink_soft, .align = Align::center, .ellipsis = true});
}

void CorpusView::draw_theme(Ui& ui, Rect row, const Count& theme) {
    if (ui.button("corpus.theme_" + theme.key, "", row, Look::quiet)) chosen_ = theme.key;
    const bool is_chosen = theme.key == chosen_;
    const ImU32 ground = is_chosen ? colour::raised : colour::panel;
    const Rect whole = row.inset(-ui.px(1));  // over the button's own outline
    ui.draw().AddRectFilled(whole.min(), whole.max(), ground, ui.px(8));
    if (is_chosen) ui.draw().AddRect(row.min(), row.max(), colour::sky, ui.px(8), 0, ui.px(2));
    ui.set_ground(ground);
    const Columns columns(ui, row.inset(ui.px(10), 0));
    const auto words = [&](const Rect& r) { return Rect{r.x0, r.center().y - ui.line(ui.fonts().small) / 2, r.x1, r.y1}; };
    ui.text(words(columns.name), theme.key, {.font = is_chosen ? ui.fonts().small_strong : ui.fonts().small, .data = true, .ellipsis = true});
    const auto most_read = std::ranges::max(themes_.rows, {}, &Count::views).views;
    draw_bar(ui, columns.discussions, static_cast<std::int64_t>(theme.threads), static_cast<std::int64_t>(themes_.rows.front().threads), colour::sky, theme.rank_threads == 1);
    draw_bar(ui, columns.views, theme.views, most_read, colour::orange, theme.rank_views == 1);
    draw_newcomers(ui, columns.by_new, theme);
    ui.set_ground(colour::panel);
}

float CorpusView::room_for(const Ui& ui, std::int64_t number) const {
    const ImFont* font = ui.fonts().small_strong;
    return font->CalcTextSizeA(font->FontSize, FLT_MAX, 0, grouped(ui.language(), number).c_str()).x + ui.px(28);
}

// A bar with its number after it; the column's first is full and has a diamond, the others are held back.
void CorpusView::draw_bar(Ui& ui, Rect place, std::int64_t number, std::int64_t most, ImU32 fill, bool first) const {
    const double ratio = most > 0 ? static_cast<double>(number) / static_cast<double>(most) : 0;
    const float room = place.width() - room_for(ui, most), end = place.x0 + std::max(ui.px(2), room * static_cast<float>(ratio)), half = std::min(ui.px(9), place.height() * 0.3f), y = place.center().y;
    ui.draw().AddRectFilled({place.x0, y - half}, {end, y + half}, first ? fill : with_alpha(fill, 0.5f), ui.px(3));
    float x = end + ui.px(8);
    if (first) {
        const float r = ui.px(6);
        x += r;
        ui.draw().AddQuadFilled({x, y - r}, {x + r, y}, {x, y + r}, {x - r, y}, colour::yellow);
        x += r + ui.px(5);
    }
    ImFont* font = first ? ui.fonts().small_strong : ui.fonts().small;
    ui.text({x, y - ui.line(font) / 2, place.x1 + ui.px(4), place.y1}, grouped(ui.language(), number), {.font = font, .ink = first ? colour::ink : colour::ink_soft, .data = true, .ellipsis = true});
}

// One circle a discussion, full where a newcomer opened it; a bar when there are too many to count by eye.
void CorpusView::draw_newcomers(Ui& ui, Rect place, const Count& theme) const {
    const Rect words = place.cut_right(ui.px(66), ui.px(4));
    const float y = place.center().y, r = ui.px(4), step = std::min(ui.px(12), place.width() / static_cast<float>(theme.threads));
    if (step >= 2 * r + ui.px(1)) {
        for (std::size_t i = 0; i < theme.threads; ++i) {
            const ImVec2 at{place.x0 + step * (static_cast<float>(i) + 0.5f), y};
            if (i < theme.by_new) ui.draw().AddCircleFilled(at, r, colour::green, 16);
            ui.draw().AddCircle(at, r, i < theme.by_new ? colour::green : colour::ink_faint, 16, ui.px(1.5f));
        }
    } else {
        const float half = ui.px(4);
        ui.draw().AddRect({place.x0, y - half}, {place.x1, y + half}, colour::ink_faint, ui.px(3), 0, ui.px(1));
        ui.draw().AddRectFilled({place.x0, y - half}, {place.x0 + place.width() * static_cast<float>(theme.share_by_new), y + half}, colour::green, ui.px(3));
    }
    ui.text({words.x0, y - ui.line(ui.fonts().small) / 2, words.x1, words.y1},
            ui.language().format("corpus.new_of", {{"new", grouped(ui.language(), theme.by_new)}, {"count", grouped(ui.language(), theme.threads)}}),
            {.font = ui.fonts().small, .ink = colour::ink_soft, .align = Align::right, .ellipsis = true});
}

void CorpusView::draw_weeks(Ui& ui, Rect place) const {
    ui.surface(place, colour::panel, 14, colour::outline);
    Rect inner = place.inset(ui.px(18), ui.px(12));
    ui.text(inner.cut_top(ui.line(ui.fonts().strong), ui.px(6)), ui.tr("corpus.timeline"), {.font = ui.fonts().strong});
    if (weeks_.rows.empty()) return;
    Rect labels = inner.cut_bottom(ui.line(ui.fonts().small), ui.px(3));
    const std::size_t most = std::ranges::max(weeks_.rows, {}, &Count::threads).threads;
    const float step = inner.width() / static_cast<float>(weeks_.rows.size()), gap = std::min(ui.px(4), step * 0.25f);
    const float top = ui.line(ui.fonts().small);
    for (std::size_t i = 0; i < weeks_.rows.size(); ++i) {
        const Count& week = weeks_.rows[i];
        const float x = inner.x0 + step * static_cast<float>(i), height = (inner.height() - top) * static_cast<float>(week.threads) / static_cast<float>(most);
        ui.draw().AddRectFilled({x + gap / 2, inner.y1 - height}, {x + step - gap / 2, inner.y1}, with_alpha(colour::sky, 0.75f), ui.px(2));
        if (step >= ui.px(18) && week.threads > 0)
            ui.text({x - ui.px(4), inner.y1 - height - top, x + step + ui.px(4), inner.y1}, std::to_string(week.threads), {.font = ui.fonts().small, .ink = colour::ink_soft, .align = Align::center, .data = true});
    }
    ui.draw().AddLine({inner.x0, inner.y1}, {inner.x1, inner.y1}, colour::outline, ui.px(1));
    const auto label = [&](const Count& week) { return ui.language().format("corpus.week", {{"number", week.key}}); };
    if (weeks_.rows.size() > 1) ui.text(labels.cut_right(labels.width() / 2), label(weeks_.rows.back()), {.font = ui.fonts().small, .ink = colour::ink_soft, .align = Align::right, .ellipsis = true});
    ui.text(labels, label(weeks_.rows.front()), {.font = ui.fonts().small, .ink = colour::ink_soft, .ellipsis = true});
}

void CorpusView::draw_wish(Ui& ui, Rect place) {
    ui.surface(place, colour::panel, 14, colour::outline);
    Rect inner = place.inset(ui.px(18), ui.px(12));
    const Language& language = ui.language();
    if (const Count* theme = chosen()) {
        ui.text(inner.cut_top(ui.line(ui.fonts().small), ui.px(2)), ui.tr("corpus.wish_title"), {.font = ui.fonts().small, .ink = colour::ink_soft});
        ui.text(inner.cut_top(ui.line(ui.fonts().strong), ui.px(2)), theme->key, {.font = ui.fonts().strong, .data = true, .ellipsis = true});
        ui.text(inner.cut_top(2 * ui.line(ui.fonts().small), ui.px(8)),
                language.format("corpus.wish_facts", {{"count", grouped(language, theme->threads)}, {"told", std::to_string(theme->rank_threads)}, {"views", grouped(language, theme->views)},
                                                      {"read", std::to_string(theme->rank_views)}, {"new", grouped(language, theme->by_new)}}),
                {.font = ui.fonts().small, .ink = colour::ink_soft, .lines = 2, .ellipsis = true});
        const auto wished = std::ranges::find_if(wishes_, [&](const auto& each) { return each.from == "corpus" && between::folded(each.theme) == between::folded(theme->key); });
        const bool free = wished == wishes_.end();
        if (ui.field("corpus.why", ui.tr("corpus.why"), inner.cut_top(ui.px(42), ui.px(8)), why_, free) && !why_.empty()) wish_asked_ = true;
        const std::string label = free ? ui.tr("corpus.wish") : language.format("corpus.wished_already", {{"wish", wished->id}});
        if (ui.button("corpus.wish", label, inner.cut_top(ui.px(42), ui.px(12)), Look::primary, free && !why_.empty(), Icon::none, true)) wish_asked_ = true;
    }
    draw_wishes(ui, inner);
}

void CorpusView::draw_wishes(Ui& ui, Rect place) const {
    ui.draw().AddLine({place.x0, place.y0 - ui.px(5)}, {place.x1, place.y0 - ui.px(5)}, colour::outline, ui.px(1));
    ui.text(place.cut_top(ui.line(ui.fonts().strong), ui.px(4)), ui.tr("corpus.wishes"), {.font = ui.fonts().strong});
    const float line = ui.line(ui.fonts().small);
    if (wishes_.empty()) {
        ui.text(place, ui.tr("corpus.no_wishes"), {.font = ui.fonts().small, .ink = colour::ink_soft, .lines = 2, .ellipsis = true});
        return;
    }
    const float each = 2 * line + ui.px(6);
    const auto fit = static_cast<std::size_t>(std::max(0.0f, std::floor((place.height() - (static_cast<float>(wishes_.size()) * each > place.height() ? line : 0)) / each)));
    std::size_t shown = 0;
    for (auto wish = wishes_.rbegin(); wish != wishes_.rend() && shown < fit; ++wish, ++shown) {
        ui.text(place.cut_top(line), ui.language().format("corpus.wish_line", {{"wish", wish->id}, {"theme", wish->theme}}), {.font = ui.fonts().small_strong, .ellipsis = true});
        ui.text(place.cut_top(line, ui.px(6)), wish->why, {.font = ui.fonts().small, .ink = colour::ink_soft, .data = true, .ellipsis = true});
    }
    if (shown < wishes_.size() && place.height() >= line)
        ui.text(place, ui.language().format("corpus.more_wishes", {{"count", std::to_string(wishes_.size() - shown)}}), {.font = ui.fonts().small, .ink = colour::ink_soft, .ellipsis = true});
}

}  // namespace

std::unique_ptr<WorkView> make_corpus_view() { return std::make_unique<CorpusView>(); }

}  // namespace accalmie::console
