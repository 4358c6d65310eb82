// SPDX-License-Identifier: Apache-2.0
#include "clinician/console/app.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <format>
#include <memory>
#include <thread>

#include <stdlib.h>

#include "clinician/console/display.h"
#include "clinician/console/live_model.h"
#include "clinician/console/screen.h"
#include "clinician/console/start_screen.h"
#include "clinician/console/workbench.h"
#include "clinician/session/auto_clinician.h"
#include "clinician/session/monado.h"
#include "scenes/data_root.h"

namespace accalmie::console {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kFrame = std::chrono::milliseconds(33);
constexpr auto kUnwatchedFrame = std::chrono::milliseconds(100);  // --auto: the machine has better things to draw

// A rehearsal's study lives in a private temporary folder and goes with it.
class StudyFolder {
public:
    StudyFolder() = default;
    ~StudyFolder() {
        std::error_code ignored;
        if (!temporary_.empty()) std::filesystem::remove_all(temporary_, ignored);
    }
    StudyFolder(const StudyFolder&) = delete;
    StudyFolder& operator=(const StudyFolder&) = delete;

    Result<records::Study> open(const AppOptions& options) {
        if (!options.study_directory.empty()) return records::Study::open(options.study_directory, options.key.value_or(records::Key{}));
        std::string pattern = (std::filesystem::temp_directory_path() / "accalmie-rehearsal-XXXXXX").string();
        if (!mkdtemp(pattern.data())) return std::unexpected(Error{"no temporary folder for the rehearsal", "is " + pattern + " on a full or read-only disk?"});
        temporary_ = pattern;
        records::StudyInfo info{.id = "rehearsal", .title = "Rehearsal", .site = "-", .language = options.language, .rehearsal = true};
        return records::Study::create(pattern + "/study", info, records::Key::random());
    }

private:
    std::string temporary_;
};

class App {
public:
    explicit App(const AppOptions& options) : options_(options), setup_(options.setup) {}
    Result<AppResult> run();

private:
    Result<void> prepare();
    Result<void> choose();             // the start screen
    Result<void> around();             // the workbench, until it is left
    Result<void> begin();
    Result<void> loop();
    Result<void> pump(int wait_ms);
    Result<void> draw();
    Result<void> take_shot(const std::string& file);
    Result<void> new_pseudonym(StartState& start);
    void follow_language(const std::string& wanted);
    bool shot_due() const;
    bool leaves() const;
    void gather();

    const AppOptions& options_;
    session::Setup setup_;
    std::string root_;
    std::vector<Language> languages_;
    StudyFolder folder_;
    std::optional<records::Study> study_;
    std::optional<session::SimulatedHeadset> headset_;
    std::unique_ptr<session::LiveSession> live_;
    std::unique_ptr<LiveModel> model_;
    std::unique_ptr<Display> display_;   // goes before the session: the last thing a stop needs is the session
    ScreenState screen_;
    WorkbenchState workbench_;
    std::optional<Error> record_error_;
    std::string checklist_;
    bool closed_ = false;                // the start screen was left
    bool shot_taken_ = false;
    int manual_shots_ = 0;
    AppResult result_;
};

Result<void> App::prepare() {
    auto root = scenes::find_data_root();
    if (!root) return std::unexpected(root.error());
    root_ = *root;
    for (const char* code : {"fr", "en"}) {
        auto language = Language::load(root_ + "/assets/languages", code);
        if (!language) return std::unexpected(language.error());
        languages_.push_back(std::move(*language));
    }
    screen_.language = options_.language;
    auto study = folder_.open(options_);
    if (!study) return std::unexpected(study.error());
    study_.emplace(std::move(*study));
    if (!options_.window && options_.shot_file.empty()) return {};
    const Language& first = languages_[options_.language.starts_with("fr") ? 0 : 1];
    auto display = Display::open({.window = options_.window, .width = options_.width, .height = options_.height, .scale = options_.scale}, first);
    if (!display) return std::unexpected(display.error());
    display_ = std::move(*display);
    return {};
}

void App::follow_language(const std::string& wanted) {
    if (!display_ || display_->ui().language().code() == wanted) return;
    for (const Language& language : languages_)
        if (language.code() == wanted) display_->ui().set_language(language);
}

Result<void> App::new_pseudonym(StartState& start) {
    start.new_pseudonym = false;
    auto added = study_->add_patient("");
    if (!added) return std::unexpected(added.error());
    start.pseudonym = *added;
    return {};
}

Result<void> App::choose() {
    if (!options_.window)
        return std::unexpected(Error{"without a window the console cannot ask which protocol", "give --protocol, and --pseudonym for a real study"});
    StartState start;
    start.rehearsal = setup_.simulated_patient;
    start.thrown_away = options_.study_directory.empty();
    start.protocols = list_protocols(root_ + "/protocols/templates", start.rehearsal);
    start.language = options_.language;
    start.pseudonym = setup_.pseudonym;
    while (!start.begin) {
        const auto events = display_->poll();
        if (events.quit || events.close_asked) {
            closed_ = true;
            return {};
        }
        follow_language(start.language);
        auto drawn = display_->frame([&](Ui& ui) { draw_start_screen(ui, start); });
        if (!drawn) return std::unexpected(drawn.error());
        if (start.new_pseudonym)
            if (auto added = new_pseudonym(start); !added) start.problem = describe(added.error());
        if (start.around) {
            start.around = false;
            screen_.language = start.language;
            if (auto looked = around(); !looked || closed_) return looked;
            start.language = screen_.language;
        }
        std::this_thread::sleep_for(kFrame);
    }
    setup_.plan = start.protocols[start.chosen].plan;
    setup_.pseudonym = start.pseudonym;
    setup_.language = screen_.language = start.language;
    checklist_ = checklist_note(display_->ui().language());
    return {};
}

Result<void> App::around() {
    const WorkContext context{*study_, root_, options_.account};
    workbench_.leave = false;
    workbench_.language = screen_.language;
    load_shown(context, workbench_);
    for (int frames = 1;; ++frames) {
        const auto events = options_.window ? display_->poll() : Display::Events{};
        closed_ = events.quit || events.close_asked;
        if (closed_ || workbench_.leave) break;
        follow_language(workbench_.language);
        auto drawn = display_->frame([&](Ui& ui) { draw_workbench(ui, context, workbench_); });
        if (!drawn) return std::unexpected(drawn.error());
        act_shown(context, workbench_);
        if (!options_.show.empty() && !options_.shot_file.empty() && frames == 3) {  // by then everything has settled
            if (auto saved = display_->save(options_.shot_file); !saved) return saved;
            result_.shots.push_back(options_.shot_file);
            break;
        }
        if (options_.window) std::this_thread::sleep_for(kFrame);
    }
    screen_.language = workbench_.language;
    if (!workbench_.problem.empty() && !result_.shots.empty()) return std::unexpected(Error{workbench_.problem});
    return {};
}

Result<void> App::begin() {
    if (setup_.pseudonym.empty() && !setup_.simulated_patient)
        return std::unexpected(Error{"no pseudonym", "give --pseudonym, or leave --protocol out and choose on the start screen"});
    auto known = study_->patients();
    if (!known) return std::unexpected(known.error());
    // The simulated patient may have any pseudonym; a person's that is mistyped must not become a second person.
    const bool unknown = setup_.pseudonym.empty() || std::ranges::find(*known, setup_.pseudonym) == known->end();
    if (unknown && setup_.simulated_patient) {
        auto added = setup_.pseudonym.empty() ? study_->add_patient("") : study_->add_patient("", setup_.pseudonym);
        if (!added) return std::unexpected(added.error());
        setup_.pseudonym = *added;
    }
    if (setup_.xr == session::XrKind::openxr && setup_.simulated_patient) {
        auto headset = session::SimulatedHeadset::start_unless_chosen();
        if (!headset) return std::unexpected(headset.error());
        headset_ = std::move(*headset);
    }
    auto scenes = scenes::list_scenes(root_);
    if (!scenes) return std::unexpected(scenes.error());
    const bool rehearsal = setup_.simulated_patient;
    auto live = session::LiveSession::begin(*study_, std::move(setup_));
    if (!live) return std::unexpected(live.error());
    live_ = std::move(*live);
    model_ = std::make_unique<LiveModel>(*live_, study_->info().site, rehearsal, study_->directory(), std::move(*scenes));
    if (!checklist_.empty()) model_->note(checklist_);
    return {};
}

Result<void> App::pump(int wait_ms) {
    auto pumped = live_->pump(wait_ms);
    if (!pumped && !record_error_) {
        record_error_ = pumped.error();
        model_->record_failed(pumped.error());
    }
    if (options_.automatic) session::play_clinician(*live_);
    model_->observe();
    if (options_.progress) options_.progress(*live_);
    // Without a window there is nobody to read the banner.
    if (record_error_ && !options_.window) return std::unexpected(*record_error_);
    return {};
}

Result<void> App::draw() {
    const auto picture = model_->mirror();
    auto texture = display_->mirror(picture.width, picture.height, picture.frame, picture.rgba);
    if (!texture) return std::unexpected(texture.error());
    screen_.mirror_texture = *texture;
    follow_language(screen_.language);
    auto drawn = display_->frame([&](Ui& ui) { draw_session_screen(ui, *model_, screen_); });
    if (!drawn) return std::unexpected(drawn.error());
    result_.frames += *drawn;
    return {};
}

Result<void> App::take_shot(const std::string& file) {
    // Twice, so that everything has settled: what was new in the first frame is whole in the second.
    for (int i = 0; i < 2; ++i)
        if (auto drawn = draw(); !drawn) return drawn;
    if (auto saved = display_->save(file); !saved) return saved;
    result_.shots.push_back(file);
    return {};
}

bool App::shot_due() const {
    if (options_.shot_file.empty() || shot_taken_) return false;
    const auto& view = live_->view();
    if (view.finished) return true;
    const auto& state = view.state;
    if (state.phase == protocols::Phase::not_started || state.step < 0) return false;
    if (options_.shot_at_s) return static_cast<double>(view.t_ms) >= *options_.shot_at_s * 1000;
    const auto& step = live_->plan().steps[static_cast<std::size_t>(state.step)];
    const int wanted = std::min<int>(2, static_cast<int>(step.levels.size()) - 1);
    return step.kind == protocols::StepKind::exposure && state.level_index >= wanted && !view.calm && !view.ratings.empty() &&
           view.ratings.back().t_ms > state.level_started_ms;
}

bool App::leaves() const {
    if (screen_.may_close) return true;
    return live_->view().finished && (options_.automatic || !options_.window);
}

Result<void> App::loop() {
    auto next_frame = Clock::now();
    while (true) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(next_frame - Clock::now()).count();
        if (auto pumped = pump(display_ && options_.window ? static_cast<int>(std::clamp<std::int64_t>(left, 0, 20)) : 5); !pumped) return pumped;
        if (shot_due()) {
            shot_taken_ = true;
            if (auto shot = take_shot(options_.shot_file); !shot) return shot;
        }
        if (leaves()) return {};
        if (!options_.window || Clock::now() < next_frame) continue;
        next_frame = std::max(next_frame + (options_.automatic ? kUnwatchedFrame : kFrame), Clock::now());
        const auto events = display_->poll();
        screen_.asks_to_close = screen_.asks_to_close || events.close_asked;
        if (events.quit) {
            live_->act(session::Action::stop);
            screen_.may_close = true;
        }
        if (auto drawn = draw(); !drawn) return drawn;
        if (events.save_picture) {
            const auto folder = options_.shot_file.empty() ? std::filesystem::path(".") : std::filesystem::path(options_.shot_file).parent_path();
            const auto file = folder / std::format("console-{}-{}.png", live_->view().session_id, ++manual_shots_);
            if (auto shot = take_shot(file.string()); !shot) return shot;
        }
    }
}

void App::gather() {
    const auto& view = live_->view();
    result_.session_id = view.session_id;
    result_.outcome = view.outcome;
    result_.ratings = view.ratings.size();
    result_.acknowledged_rows = view.acknowledged_rows;
}

Result<AppResult> App::run() {
    if (auto prepared = prepare(); !prepared) return std::unexpected(prepared.error());
    if (!options_.show.empty()) {
        if (!workbench_.show(options_.show)) return std::unexpected(Error{"there is no view '" + options_.show + "'", "diary, directory, corpus or field"});
        if (auto looked = around(); !looked) return std::unexpected(looked.error());
        return result_;
    }
    if (setup_.plan.steps.empty()) {
        if (auto chosen = choose(); !chosen) return std::unexpected(chosen.error());
        if (closed_) return result_;
    }
    if (auto begun = begin(); !begun) return std::unexpected(begun.error());
    auto ran = loop();
    if (!ran) {  // the console cannot show the session any more: nobody may be left in front of a cue
        live_->act(session::Action::stop);
        (void)live_->pump(50);
        return std::unexpected(ran.error());
    }
    gather();
    model_.reset();
    live_.reset();
    auto digest = records::session_digest(study_->ledger(), result_.session_id);
    if (digest) result_.session_digest = records::to_hex(*digest);
    if (record_error_) return std::unexpected(*record_error_);
    return result_;
}

}  // namespace

Result<AppResult> run_app(const AppOptions& options) { return App(options).run(); }

}  // namespace accalmie::console
