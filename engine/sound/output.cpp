// SPDX-License-Identifier: Apache-2.0
#include "engine/sound/output.h"

#include <array>
#include <format>
#include <string_view>
#include <utility>

#include "engine/sound/openal.h"

namespace accalmie::sound {
namespace {

constexpr std::string_view kNobodyListens = "No Output";  // OpenAL Soft's null back end

Error device_error(ALCdevice* device, std::string_view what) {
    const ALCchar* text = alcGetString(device, alcGetError(device));
    return {.message = std::format("{}: {}", what, text != nullptr ? text : "no reason given"), .hint = "look at the sound settings of this machine, or use --sound off", .file = {}};
}

// A device and its context; both go together.
class OpenAlOutput : public Output {
public:
    explicit OpenAlOutput(ALCdevice* device) : device_(device) {}
    ~OpenAlOutput() override {
        if (context_ != nullptr) alcDestroyContext(context_);
        alcCloseDevice(device_);
    }
    OpenAlOutput(const OpenAlOutput&) = delete;
    OpenAlOutput& operator=(const OpenAlOutput&) = delete;

    Result<void> start(std::span<const ALCint> attributes) {
        context_ = alcCreateContext(device_, attributes.data());
        if (context_ == nullptr) return std::unexpected(device_error(device_, "the sound device cannot be set up"));
        return {};
    }
    ALCcontext* context() const override { return context_; }
    bool hrtf() const override { return integer(ALC_HRTF_SOFT) == ALC_TRUE; }

protected:
    ALCint integer(ALCenum what) const {
        ALCint value = 0;
        alcGetIntegerv(device_, what, 1, &value);
        return value;
    }
    ALCdevice* device_;
    ALCcontext* context_ = nullptr;
};

class DeviceOutput final : public OpenAlOutput {
public:
    using OpenAlOutput::OpenAlOutput;
    // HRTF where two channels come out; a room with more speakers keeps them.
    void prefer_hrtf() {
        const ALCint mode = integer(ALC_OUTPUT_MODE_SOFT);
        if (mode != ALC_STEREO_SOFT && mode != ALC_STEREO_BASIC_SOFT && mode != ALC_STEREO_UHJ_SOFT && mode != ALC_STEREO_HRTF_SOFT) return;
        const std::array<ALCint, 9> attributes{ALC_FREQUENCY, kMixRate_hz, ALC_REFRESH, kMixesASecond, ALC_HRTF_SOFT, ALC_TRUE, ALC_OUTPUT_LIMITER_SOFT, ALC_TRUE, 0};
        if (alcResetDeviceSOFT(device_, attributes.data()) == ALC_FALSE) alcGetError(device_);  // it goes on as it was
    }
    std::string name() const override {
        const ALCchar* text = alcGetString(device_, ALC_ALL_DEVICES_SPECIFIER);
        return text != nullptr ? text : "a sound device";
    }
    bool connected() const override { return integer(ALC_CONNECTED) == ALC_TRUE; }
    double latency_s() const override {
        ALCint64SOFT nanoseconds = 0;
        alcGetInteger64vSOFT(device_, ALC_DEVICE_LATENCY_SOFT, 1, &nanoseconds);
        return static_cast<double>(nanoseconds) * 1e-9;
    }
    double mix_period_s() const override {
        const ALCint refresh_hz = integer(ALC_REFRESH);
        return refresh_hz > 0 ? 1.0 / refresh_hz : 0;
    }
};

class LoopbackOutput final : public OpenAlOutput {
public:
    using OpenAlOutput::OpenAlOutput;
    std::string name() const override { return "memory"; }
    void render(std::span<float> stereo) override { alcRenderSamplesSOFT(device_, stereo.data(), static_cast<ALCsizei>(stereo.size() / 2)); }
};

class SilentOutput final : public Output {
public:
    explicit SilentOutput(std::string why) : why_(std::move(why)) {}
    ALCcontext* context() const override { return nullptr; }
    std::string name() const override { return why_; }

private:
    std::string why_;
};

}  // namespace

Result<std::unique_ptr<Output>> open_device(const std::string& name) {
    ALCdevice* device = alcOpenDevice(name.empty() ? nullptr : name.c_str());
    if (device == nullptr) return std::unexpected(device_error(nullptr, name.empty() ? "no sound device" : std::format("no sound device '{}'", name)));
    auto output = std::make_unique<DeviceOutput>(device);
    if (output->name().contains(kNobodyListens))
        return std::unexpected(Error{.message = "this machine has no sound device", .hint = "plug in the headset or headphones", .file = {}});
    constexpr std::array<ALCint, 7> kAttributes{ALC_FREQUENCY, kMixRate_hz, ALC_REFRESH, kMixesASecond, ALC_OUTPUT_LIMITER_SOFT, ALC_TRUE, 0};
    if (auto started = output->start(kAttributes); !started) return std::unexpected(std::move(started.error()));
    output->prefer_hrtf();
    return output;
}

Result<std::unique_ptr<Output>> open_loopback(bool hrtf) {
    ALCdevice* device = alcLoopbackOpenDeviceSOFT(nullptr);
    if (device == nullptr) return std::unexpected(device_error(nullptr, "sound cannot be mixed into memory"));
    auto output = std::make_unique<LoopbackOutput>(device);
    // No limiter: what is measured is what was mixed.
    const std::array<ALCint, 11> attributes{ALC_FORMAT_CHANNELS_SOFT, ALC_STEREO_SOFT, ALC_FORMAT_TYPE_SOFT, ALC_FLOAT_SOFT, ALC_FREQUENCY, kMixRate_hz,
                                            ALC_HRTF_SOFT, hrtf ? ALC_TRUE : ALC_FALSE, ALC_OUTPUT_LIMITER_SOFT, ALC_FALSE, 0};
    if (auto started = output->start(attributes); !started) return std::unexpected(std::move(started.error()));
    return output;
}

std::unique_ptr<Output> make_silence(std::string why) { return std::make_unique<SilentOutput>(std::move(why)); }

}  // namespace accalmie::sound
