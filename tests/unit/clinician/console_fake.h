// SPDX-License-Identifier: Apache-2.0
// Owns: canned session data behind the console's model interface, and a harness that steps ImGui frames with a fixed time step, without
// a window or a GPU, and clicks and types by widget id. Never: a real session. Thread: one owner.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <imgui.h>

#include "clinician/console/screen.h"

namespace accalmie::test {

using namespace console;

inline protocols::SessionPlan canned_plan() {
    protocols::SessionPlan plan;
    plan.id = "alcohol-bar";
    plan.title = {"Alcohol: a bar at night", "Alcool : un bar, la nuit"};
    plan.scale.question = {"How strong is your craving now?", "Quelle est votre envie maintenant ?"};
    plan.scale.low_anchor = {"None at all", "Aucune envie"};
    plan.scale.high_anchor = {"The strongest ever", "La plus forte jamais ressentie"};
    plan.ceiling = 95;
    const auto step = [&](const char* id, protocols::StepKind kind, protocols::Text title, const char* scene, std::int64_t minutes) {
        protocols::Step s;
        s.id = id;
        s.kind = kind;
        s.title = std::move(title);
        s.scene = scene;
        s.duration_ms = minutes * 60'000;
        s.rating_every_ms = 60'000;
        plan.steps.push_back(s);
    };
    step("settle", protocols::StepKind::baseline, {"Waiting room", "Salle d’attente"}, "waiting-room", 5);
    step("ladder", protocols::StepKind::exposure, {"Bar counter", "Comptoir de bar"}, "bar-night", 0);
    plan.steps.back().levels = {0, 1, 2, 3};
    plan.steps.back().rule.maximum_ms = 8 * 60'000;
    step("coping", protocols::StepKind::coping, {"Breathing with the lull", "Respirer avec l’accalmie"}, "calm-room", 5);
    step("aftercare", protocols::StepKind::aftercare, {"Staying together", "Rester ensemble"}, "calm-room", 20);
    return plan;
}

inline std::vector<scenes::SceneFile> canned_scenes() {
    std::vector<scenes::SceneFile> all(3);
    all[0].name = "calm-room";
    all[0].kind = scenes::SceneKind::calm;
    all[0].title = {"Calm room", "Pièce calme"};
    all[1].name = "waiting-room";
    all[1].kind = scenes::SceneKind::neutral;
    all[1].title = {"Waiting room", "Salle d’attente"};
    all[2].name = "bar-night";
    all[2].kind = scenes::SceneKind::cue;
    all[2].title = {"Bar counter at night", "Comptoir de bar, la nuit"};
    all[2].levels = {{0, {"The empty counter", "Le comptoir vide"}, {}}, {1, {"A bottle in view", "Une bouteille en vue"}, {}},
                     {2, {"A poured glass", "Un verre servi"}, {}}, {3, {"Somebody offers it", "Quelqu’un l’offre"}, {}}};
    return all;
}

class FakeModel : public SessionModel {
public:
    const session::View& view() const override { return view_; }
    const protocols::SessionPlan& plan() const override { return plan_; }
    session::LiveSession::Mirror mirror() const override { return mirror_; }
    const std::vector<LevelMark>& marks() const override { return marks_; }
    const std::vector<TimelineEntry>& timeline() const override { return timeline_; }
    const std::string& site() const override { return site_; }
    DiskState disk() const override { return disk_; }
    bool rehearsal() const override { return rehearsal_; }
    const scenes::SceneFile* scene(const std::string& name) const override {
        for (const auto& one : scenes_)
            if (one.name == name) return &one;
        return nullptr;
    }
    void act(session::Action action) override { acts_.push_back(action); }
    void rate(int value) override { rates_.push_back(value); }
    void note(const std::string& text) override { notes_.push_back(text); }
    void speak(bool held) override { speaks_.push_back(held); }
    bool speaks() const { return !speaks_.empty() && speaks_.back(); }
    long count(session::Action action) const { return std::ranges::count(acts_, action); }

    session::View view_;
    protocols::SessionPlan plan_ = canned_plan();
    session::LiveSession::Mirror mirror_;
    std::vector<LevelMark> marks_;
    std::vector<TimelineEntry> timeline_;
    std::string site_ = "CSAPA des Quais";
    DiskState disk_{true, 112'400'000'000};
    bool rehearsal_ = false;
    std::vector<scenes::SceneFile> scenes_ = canned_scenes();
    std::vector<session::Action> acts_;
    std::vector<int> rates_;
    std::vector<std::string> notes_;
    std::vector<bool> speaks_;
};

// The moment that the pictures show: third level of the bar, a question open.
inline void fill_mid_exposure(FakeModel& model, bool french) {
    auto& v = model.view_;
    v.session_id = "S0003";
    v.pseudonym = "P-7Q4K";
    v.t_ms = (17 * 60 + 42) * 1000;
    v.player_up = true;
    v.renderer = "llvmpipe";
    v.runtime = "Monado 25.0.0";
    v.scene = "bar-night";
    v.level = 2;
    v.calm = false;
    v.acknowledged_rows = 412;
    v.awaiting_rating = 16;
    v.last_rule = french ? "baisse de 50 % depuis le pic de 64, deux cotations de suite" : "fell 50 % from peak 64, twice in a row";
    auto& s = v.state;
    s.phase = protocols::Phase::running;
    s.now_ms = v.t_ms;
    s.step = 1;
    s.level_index = 2;
    s.step_started_ms = 300'000;
    s.level_started_ms = 15 * 60'000;
    s.baseline = 22;
    s.level_peak = 78;
    s.met_in_a_row = 0;
    s.open_request = 16;
    s.player_up = true;
    const int values[] = {24, 20, 23, 21, 22, 52, 47, 38, 27, 25, 64, 58, 44, 31, 30, 78, 71};
    for (int i = 0; i < 17; ++i)
        v.ratings.push_back({(i + 1) * 60'000 - (i == 15 ? 20'000 : 0), values[i], i < 5 ? 0 : 1, i < 10 ? 0 : i < 15 ? 1 : 2,
                             i == 7 || i == 13 ? protocols::Source::clinician : protocols::Source::patient});
    s.ratings = v.ratings;
    s.missed.push_back({8 * 60'000 + 45'000, 1, 1, 9, false});
    model.marks_ = {{0, 0, 0, false}, {300'000, 1, 0, false}, {600'000, 1, 1, false}, {900'000, 1, 2, false}};
    using Kind = TimelineEntry::Kind;
    const auto add = [&](Kind kind, std::int64_t t, const char* en, const char* fr) { model.timeline_.push_back({kind, t, french ? fr : en}); };
    add(Kind::information, 0, "Recording; the calm room is shown", "Enregistrement en cours, la pièce calme est affichée");
    add(Kind::note, 340'000, "Says the music is the one of his usual place", "Dit que la musique est celle de son bar habituel");
    add(Kind::rule, 600'000, "Level 1: fell 50 % from peak 52", "Niveau 1 : baisse de 50 % depuis le pic de 52");
    add(Kind::rule, 900'000, "Level 2: fell 50 % from peak 64, twice in a row", "Niveau 2 : baisse de 50 % depuis le pic de 64, deux fois de suite");
    add(Kind::note, 985'000, "Hands closed, breathes slowly when asked", "Mains serrées, respire lentement quand on le demande");
}

inline void add_alarm(FakeModel& model, bool french) {
    session::Banner banner;
    banner.severity = session::Banner::Severity::alarm;
    banner.t_ms = model.view_.t_ms - 800;
    banner.text = french ? "Le programme du patient ne répond plus. Restez avec le patient, retirez le casque s’il le demande : il redémarre en pièce calme."
                         : "The patient’s program does not answer. Stay with the patient, take the headset off if asked: it restarts in the calm room.";
    model.view_.banners.push_back(banner);
    model.timeline_.push_back({TimelineEntry::Kind::alarm, banner.t_ms, banner.text});
    model.view_.player_up = false;
}

class Frames {
public:
    Frames(const std::string& language, float width, float height, float scale) : width_(width), height_(height), scale_(scale) {
        previous_ = ImGui::GetCurrentContext();
        context_ = ImGui::CreateContext();
        ImGui::SetCurrentContext(context_);
        ImGuiIO& io = ImGui::GetIO();
        io.IniFilename = nullptr;
        io.ConfigFlags |= ImGuiConfigFlags_NavEnableKeyboard;
        io.DisplaySize = {width, height};
        io.DeltaTime = 1.0f / 30;
        io.ConfigInputTrickleEventQueue = false;
        io.BackendFlags |= ImGuiBackendFlags_HasMouseCursors;
        apply_style(ImGui::GetStyle(), scale);
        auto loaded = Language::load(ACCALMIE_SOURCE_DIR "/assets/languages", language);
        if (loaded) language_ = std::make_unique<Language>(std::move(*loaded));
        auto fonts = load_fonts(*io.Fonts, scale);
        if (language_ && fonts) ui_ = std::make_unique<Ui>(*language_, *fonts, scale);
        unsigned char* pixels = nullptr;
        int w = 0, h = 0;
        io.Fonts->GetTexDataAsRGBA32(&pixels, &w, &h);
    }
    ~Frames() {
        ImGui::DestroyContext(context_);
        ImGui::SetCurrentContext(previous_);
    }
    Frames(const Frames&) = delete;
    Frames& operator=(const Frames&) = delete;

    Ui& ui() { return *ui_; }
    ScreenState& state() { return state_; }
    void use(const Language& language) { ui_->set_language(language); }

    void step(SessionModel& model, int frames = 1) {
        for (int i = 0; i < frames; ++i) {
            ImGui::NewFrame();
            draw_session_screen(*ui_, model, state_);
            ImGui::Render();
        }
    }
    template <class Draw>
    void step_with(Draw&& draw, int frames = 1) {
        for (int i = 0; i < frames; ++i) {
            ImGui::NewFrame();
            draw();
            ImGui::Render();
        }
    }
    ImVec2 place_of(const std::string& id) const {
        const Item* item = ui_->find(id);
        return item ? item->rect.center() : ImVec2{-1, -1};
    }
    void click(SessionModel& model, const std::string& id) {
        const ImVec2 at = place_of(id);
        ImGuiIO& io = ImGui::GetIO();
        io.AddMousePosEvent(at.x, at.y);
        step(model);
        io.AddMouseButtonEvent(0, true);
        step(model);
        io.AddMouseButtonEvent(0, false);
        step(model, 2);
    }
    void key(SessionModel& model, ImGuiKey key, int held_frames = 1) {
        ImGui::GetIO().AddKeyEvent(key, true);
        step(model, held_frames);
        ImGui::GetIO().AddKeyEvent(key, false);
        step(model, 2);
    }
    void type(SessionModel& model, const std::string& text) {
        ImGui::GetIO().AddInputCharactersUTF8(text.c_str());
        step(model, 2);
    }

private:
    float width_, height_, scale_;
    ImGuiContext* context_ = nullptr;
    ImGuiContext* previous_ = nullptr;
    std::unique_ptr<Language> language_;
    std::unique_ptr<Ui> ui_;
    ScreenState state_;
};

}  // namespace accalmie::test
