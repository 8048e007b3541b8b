"""What the Chat tab shows: the promise, the conversation, the row to write in, the tools.

Knows where the parts stand and what they are called. Does not know what happens when they are used.
"""

import gradio as gr

WELCOME = """### Tell me about yourself
Write as you would to a friend: who is in your life, what you plan, what you like.

Then press **End and learn**. When it is learnt, ask me about it in a new session.
"""


class ChatParts:
    """The components, made in the order in which they are seen."""

    def __init__(self) -> None:
        self.promise = gr.HTML(elem_id="promise-box")
        self.note = gr.HTML(elem_id="chat-note", elem_classes="iw-note")
        self.chatbot = gr.Chatbot(
            elem_id="chatbot",
            label="Conversation",
            show_label=False,
            placeholder=WELCOME,
            editable="user",
            buttons=["copy"],
            layout="bubble",
            allow_tags=False,
            latex_delimiters=[],  # "$5 and $6" are no formula
            group_consecutive_messages=False,  # one pencil for two would send the first one again
            feedback_options=None,
        )
        self._draw_writing()
        self._draw_tools()
        self.answers = gr.HTML(elem_id="chat-answers", elem_classes="iw-note")

    def _draw_writing(self) -> None:
        with gr.Row(elem_classes="iw-tools", elem_id="write-row") as self.write:
            self.box = gr.Textbox(
                elem_id="chat-box",
                label="Message",
                value="",
                placeholder="Write here. Enter sends, Shift and Enter make a new line.",
                show_label=False,
                container=False,
                lines=1,
                max_lines=8,
                autofocus=True,
                scale=5,
                html_attributes=gr.InputHTMLAttributes(autocorrect="off"),
            )
            self.send = gr.Button("Send", variant="primary", elem_id="chat-send", scale=0)
            self.stop = gr.Button(
                "Stop", variant="stop", elem_id="chat-stop", visible=False, scale=0
            )

        # In place of the row, while an ended session is read.
        self.onward = gr.Button(
            "Go on in a new session", variant="primary", visible=False, elem_id="chat-go-on"
        )

    def _draw_tools(self) -> None:
        with gr.Row(elem_classes="iw-tools", elem_id="chat-tools"):
            self.ending = gr.Button("End and learn", elem_id="chat-end")
            self.new = gr.Button("New session", elem_id="chat-new")
            self.both = gr.Button("Compare both answers", elem_id="chat-compare")
            self.memory = gr.Checkbox(
                True, label="With memory", elem_id="with-memory-switch", container=False
            )
            self.off = gr.Checkbox(
                False, label="Off the record", elem_id="off-the-record", container=False
            )
