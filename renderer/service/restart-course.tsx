// The course of the restart under way, step by step with running times; at rest, how the last one ended.
// It keeps its room, so that nothing below it moves when a restart begins or ends.
import { useEffect, useState } from 'preact/hooks';
import type { ServiceSnapshot } from '../../supervisor/contract/snapshot.ts';
import { Time } from '../parts/time.tsx';
import { type CourseStep, type CourseView, describeCourse } from './course-view.ts';

/** How often the time of the step under way moves. */
const TICK_MS = 200;

export interface RestartCourseProps {
  readonly heal: ServiceSnapshot['heal'];
  /** What is said while no act is under way. */
  readonly atRest: CourseView;
}

export function RestartCourse({ heal, atRest }: RestartCourseProps) {
  const isUnderWay = heal.underWay !== null;
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    if (!isUnderWay) return undefined;
    setNowMs(Date.now());
    const timer = setInterval(() => setNowMs(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, [isUnderWay]);
  const course = isUnderWay ? describeCourse(heal, nowMs) : atRest;
  return <div class="restart-course" data-course={course.kind}><CourseWords course={course} /></div>;
}

function CourseWords({ course }: { readonly course: CourseView }) {
  switch (course.kind) {
    case 'none': return <p class="soft">It has not been restarted yet.</p>;
    case 'over': return <p class={`outcome is-${course.mark}`}><span class="outcome-shape" aria-hidden="true" /><span>{course.text} <span class="soft">Restarted by {course.by}, <Time time={course.at} />.</span></span></p>;
    case 'under-way': return (
      <>
        <p class="course-title">{course.title} …</p>
        <ol class="restart-steps">{course.steps.map((step) => <Step key={step.key} step={step} />)}</ol>
      </>
    );
  }
}

const STATE_WORDS: Readonly<Record<CourseStep['state'], string>> = { done: 'done', now: 'under way', ahead: 'to come' };

function Step({ step: { label, state, took } }: { readonly step: CourseStep }) {
  return <li class={`is-${state}`} aria-current={state === 'now' ? 'step' : undefined}><span class="label">{label}</span><span class="took">{took}</span><span class="unseen">{STATE_WORDS[state]}</span></li>;
}
