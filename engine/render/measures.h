// SPDX-License-Identifier: Apache-2.0
// Owns: the measuring of frames: what is recorded for it, and the answers when the frame's commands are finished (two frames later, without
// a wait of their own). Cues come from CuePass. Luminance comes from the drawn picture itself, both eyes, by one blit to 64 x 64 places
// (each the mean of four pixels) in the frame that asks. The panel, which the compositor lays over the picture, is not in it.
// Never: records anything for a frame that asks nothing. Thread: the frame thread. After reserve() nothing allocates.
#pragma once

#include <array>
#include <optional>
#include <utility>

#include "engine/gpu/commands.h"
#include "engine/render/cue_pass.h"

namespace accalmie::render {

struct FrameInput;

class Measures {
public:
    static Result<Measures> create(gpu::Device& device, VkPipelineLayout layout);

    // No frame is under way.
    Result<void> set_hidden_mesh(gpu::Device& device, VkPipelineLayout layout, const xr::HiddenMesh& mesh);
    void reserve(std::size_t cues);  // the most cues that any scene has
    // After the frame's pass: `target` is in COLOR_ATTACHMENT_OPTIMAL and is left so; none for a picture that is only looked through.
    void record(VkCommandBuffer commands, std::size_t slot, VkPipelineLayout layout, const GpuScene& scene, std::span<const std::uint32_t> order, const FrameInput& input,
                std::uint32_t frame_offset, VkImage target, VkExtent2D extent);
    // The angles that the frame was drawn with in the end.
    void drawn_with(std::size_t slot, const std::array<xr::View, 2>& views);
    // The slot's commands are finished: its answers are there.
    void collect(std::size_t slot);
    void answer(std::size_t slot, CueViews& views);  // the same for the one who waited

    // Each answer once, oldest first; the pointer holds until the next frame is drawn. Null: none. Three are kept, then the oldest goes.
    const CueViews* next_cues() { return cues_.take(); }
    const Luminance* next_luminance() { return luminance_.take(); }

private:
    template <class T>
    struct Inbox {
        std::array<T, 4> items;
        std::size_t first = 0, count = 0;
        T& add() {
            if (count == items.size() - 1) first = (first + 1) % items.size(), --count;
            return items[(first + count++) % items.size()];
        }
        const T* take() {
            if (count == 0) return nullptr;
            --count;
            return &items[std::exchange(first, (first + 1) % items.size())];
        }
    };
    struct Asked {
        MeasureRequest request;
        bool cues_drawn = false;
        std::uint32_t scene = 0;
        int level = 0;
        std::size_t cue_count = 0;
        Attention attention;
        std::array<xr::Fov, 2> fovs;
    };
    void fill(const Asked& asked, std::size_t slot, CueViews& views) const;
    void record_luminance(VkCommandBuffer commands, std::size_t slot, VkImage target, VkExtent2D extent) const;
    CuePass pass_;
    // Where the mesh is, for the angles of the last luminance: they change seldom.
    const HiddenPlaces& hidden_at(const std::array<xr::Fov, 2>& fovs);
    xr::HiddenMesh mesh_;
    HiddenPlaces hidden_;
    std::optional<std::array<xr::Fov, 2>> hidden_fovs_;
    gpu::Image small_;
    std::array<gpu::Buffer, CuePass::kSlots> places_;
    std::array<Asked, CuePass::kSlots> asked_;
    Inbox<CueViews> cues_;
    Inbox<Luminance> luminance_;
};

}  // namespace accalmie::render
